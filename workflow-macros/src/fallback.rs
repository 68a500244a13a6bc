//! What a wrong workflow becomes: its errors, and what lets an editor and the rest of the program go on.
//!
//! The workflow's type keeps its name, its input and its output, so that code that names it does not fail as well. What
//! was written right is named again, so that an editor finds the tasks, the types and the states.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::generate;
use crate::model::{Kind, Target, Workflow};
use crate::parse;

/// The type of a workflow that is not run, with everything that its name is used for.
pub(crate) fn stub(workflow: &Workflow<'_>) -> TokenStream {
    let source = workflow.source;
    let declaration = generate::declaration(workflow);
    let (visibility, name, input, output) =
        (&source.visibility, &source.name, &source.input, &source.output);
    let text = name.to_string();
    let resources = match &source.resources {
        Some(resources) => quote!(::workflow_core::Needs<#resources>),
        None => quote!(::workflow_core::Nothing),
    };
    let parameter = source.resources.as_ref().map(|resources| quote!(_: &#resources,));
    let references = references(workflow);
    quote! {
        #declaration
        #[doc(hidden)]
        #[allow(clippy::all, dead_code, unused, non_upper_case_globals, non_snake_case, missing_docs, unreachable_pub)]
        const _: () = {
            impl #name {
                #visibility async fn run(#parameter _: #input) -> ::core::result::Result<#output, ::workflow_core::ExecutionError> {
                    ::core::unreachable!("the workflow does not compile")
                }
                #visibility const fn definition() -> &'static ::workflow_core::definition::Definition {
                    ::core::panic!("the workflow does not compile")
                }
            }

            impl ::workflow_core::Task for #name {
                const NAME: &'static str = #text;
                const ARGUMENTS: &'static [&'static str] = &["input"];
                type Input = <#input as ::workflow_core::Data>::This;
                type Output = <#output as ::workflow_core::Data>::This;
                type Error = ::workflow_core::ErrorOutput;
                type Resources = #resources;

                async fn call(
                    _: <Self::Resources as ::workflow_core::Resources>::Ref<'_>,
                    _: ::workflow_core::Attempt<'_>,
                    _: Self::Input,
                ) -> ::core::result::Result<Self::Output, Self::Error> {
                    ::core::unreachable!("the workflow does not compile")
                }
            }

            #references
        };
    }
}

/// The tasks that are called and the states that are named, each at its token.
fn references(workflow: &Workflow<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (id, machine) in workflow.machines.iter().enumerate() {
        let names: Vec<Ident> =
            (0..machine.states.len()).map(|state| format_ident!("_state{id}_{state}")).collect();
        for (name, state) in names.iter().zip(&machine.states) {
            let span = state.name.span;
            tokens.extend(quote_spanned!(span=> const #name: () = ();));
            if let Kind::Task { call: Some(call), .. } = &state.kind {
                tokens.extend(task(call));
            }
        }
        for next in machine.states.iter().flat_map(|state| state.transitions()) {
            if let Target::State(state) = next.target {
                let mut name = names[state].clone();
                name.set_span(next.span);
                tokens.extend(quote!(const _: () = #name;));
            }
        }
    }
    tokens
}

fn task(call: &parse::Call) -> TokenStream {
    let function = &call.function;
    quote!(const _: ::core::option::Option<#function> = ::core::option::Option::None;)
}
