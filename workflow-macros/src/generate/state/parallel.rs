//! Parallel states: their branches run side by side.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::{Context, Effective, forked, joined};
use crate::generate::Generator;
use crate::generate::machine::names;

impl Generator<'_> {
    pub(super) fn parallel(&mut self, context: &Context<'_>, branches: &[usize]) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let Effective { code: effective, source, .. } = self.effective(context, !retries);
        let description = &context.description;
        let place = &source.place;
        let mut futures = TokenStream::new();
        let mut started = TokenStream::new();
        for (position, machine) in branches.iter().enumerate() {
            let start = names::start(*machine);
            let ty = &source.ty;
            self.items.declare(&start, &quote!(#ty));
            let machine_type = self.machine_type(*machine);
            let captured = self.captured(*machine);
            let moves = source.movable && position + 1 == branches.len();
            let input = if moves { quote!(#place) } else { quote!(_clone(&#place)) };
            let branch = quote! {
                engine.branch::<#machine_type, _>(
                    #description, #position, resources, #captured, _Start::<#machine_type>(#input),
                )
            };
            if retries {
                let name = format_ident!("branch{position}");
                started.extend(quote!(let #name = #branch;));
                futures.extend(quote!(#name,));
            } else {
                futures.extend(quote!(#branch,));
            }
        }
        let count = branches.len();
        let fork = forked(description, &quote!(#count));
        let join = joined(description, &quote!(_try_join!(#futures)));
        let run = if retries {
            quote! {
                _retry(engine, #description, &mut visit, |visit| {
                    #fork
                    #started
                    _Ok(async move { #join })
                }).await
            }
        } else {
            quote!({ #fork #join })
        };
        let outputs: Vec<TokenStream> =
            branches.iter().map(|machine| names::output(*machine).to_token_stream()).collect();
        let result = self.items.alias(&quote!((#(#outputs,)*)));
        let (run, result) = self.untyped_result(run, quote!(#result), &outputs);
        self.end_of_work(context, &effective, &run, &result)
    }
}
