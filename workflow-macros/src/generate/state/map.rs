//! Map states: their item processor runs for every item.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Effective, forked, joined};
use crate::generate::Generator;
use crate::generate::check::Check;
use crate::generate::lower::{Goes, Scope, Source, Typed};
use crate::generate::machine::names;
use workflow_syntax::model::Distributed;
use workflow_syntax::parse::Expression;

impl Generator<'_> {
    pub(super) fn map(
        &mut self,
        context: &Context<'_>,
        items: &Expression,
        selector: Option<&Expression>,
        processor: usize,
        (concurrency, distributed): (Option<&Expression>, Option<Distributed<'_>>),
    ) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let Effective { code: effective, source, .. } = self.effective(context, false);
        let description = &context.description;
        let scope = self.scope(context, Source { movable: false, ..source.clone() });
        let Typed { ty, code } = self.lower().natural(&scope, items);
        let (state, text) = (scope.said(items.start), items.to_string());
        let check = Check::new(
            "each",
            quote!(#ty),
            quote!(_check_At { state: #state, path: #text, base: #text }),
        );
        let kind = check.constant(items.start, items.end);
        let each = self.items.alias(&quote!(_Each<#ty, #kind>));
        let item = self.items.alias(&quote!(<#each as _Elements>::Item));
        let list = scope.unwrapped(&quote!(<#each as _Elements>::items(#code, #text)));
        let most = match concurrency {
            None => quote!(0),
            Some(value) if self.is_asl() => {
                let most = self.lower().path_field(&scope, value, "MaxConcurrencyPath", "integer");
                scope.unwrapped(&quote!(_concurrency(#most)))
            }
            Some(value) => self.lower().place(
                &scope,
                value,
                &quote!(u32),
                &Goes::Named("`max_concurrency`".to_owned()),
            ),
        };
        let tolerance = distributed.map(|distributed| self.tolerance(&scope, distributed));
        let start = names::start(processor);
        let input = match selector {
            None => {
                self.items.declare(&start, &quote!(#item));
                quote!(_Ok(item))
            }
            Some(selector) => {
                let map_item = Source { ty: quote!(#item), place: quote!(item), movable: false };
                let scope = Scope { map_item: Some(map_item), ..scope };
                let typed = self.lower().natural(&scope, selector);
                let ty = &typed.ty;
                self.items.declare(&start, &quote!(#ty));
                let code = &typed.code;
                quote!(_evaluate(|| _Ok(#code)))
            }
        };
        let machine = self.machine_type(processor);
        let captured = self.captured(processor);
        // AWS looks for it once the Map has begun.
        let map = match &tolerance {
            Some(_) => quote!(_map_tolerating(items, most, tolerance?, run)),
            None => quote!(_map(items, most, run)),
        };
        let again = tolerance.as_ref().map(|_| quote!(let tolerance = _clone(&tolerance);));
        let fork = forked(description, &quote!(count));
        let join = joined(description, &quote!(#map.await));
        let run_items = quote! {{
            let count = items.len();
            let run = |index: usize, item: #item| {
                let input: _Result<#start, _Failed> = #input;
                let captured = #captured;
                async move {
                    engine.branch::<#machine, _>(#description, index, resources, captured, _Start::<#machine>(input?)).await
                }
            };
            async move { #fork #join }
        }};
        let run = if retries {
            quote!(_retry(engine, #description, &mut visit, |visit| { let items = _clone(&items); #again _Ok(#run_items) }).await)
        } else {
            quote!(#run_items.await)
        };
        let output = names::output(processor);
        let (list, most) = (Self::try_work(context, &list), Self::try_work(context, &most));
        let limit =
            tolerance.as_ref().map(|code| quote!(let tolerance = _evaluate(|| _Ok(#code));));
        let before = quote! {
            #effective
            let items: _Vec<#item> = #list;
            let most: u32 = #most;
            #limit
        };
        let (run, result) = match tolerance {
            Some(_) => (run, quote!(_Json)),
            None => self.untyped_result(run, quote!(_Vec<#output>), &[quote!(#output)]),
        };
        self.end_of_work(context, &before, &run, &result)
    }

    /// How many failures of items are tolerated.
    fn tolerance(&mut self, scope: &Scope, distributed: Distributed<'_>) -> TokenStream {
        let Distributed { tolerated_count, tolerated_percentage, .. } = distributed;
        let mut limit = |value: Option<&Expression>, field: &str, kind: &str, none: TokenStream| {
            value.map_or(none, |value| self.lower().path_field(scope, value, field, kind))
        };
        let count = limit(tolerated_count, "ToleratedFailureCountPath", "integer", quote!(0));
        let percentage =
            limit(tolerated_percentage, "ToleratedFailurePercentagePath", "float", quote!(0.0));
        scope.unwrapped(&quote!(_tolerance(#count, #percentage)))
    }
}
