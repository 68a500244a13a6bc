//! What a wrong workflow becomes: its errors, and what lets an editor and the rest of the program go on.
//!
//! The workflow's type keeps its name, its input and its output, so that code that names it does not fail as well. What
//! was written right is named again, so that an editor finds the tasks, the types and the states.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::generate::{self, references};
use workflow_syntax::check::expressions;
use workflow_syntax::model::{Kind, Target, Workflow};

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
        #[allow(clippy::all, dead_code, unused, non_upper_case_globals, non_snake_case, non_camel_case_types, missing_docs, unreachable_pub)]
        const _: () = {
            impl #name {
                #visibility async fn run(#parameter _: #input) -> ::core::result::Result<#output, ::workflow_core::ExecutionError> {
                    ::core::unreachable!("the workflow does not compile")
                }
                #visibility fn asl() -> ::core::result::Result<::std::string::String, ::workflow_core::asl::ExportError> {
                    ::core::unreachable!("the workflow does not compile")
                }
                #visibility const fn definition() -> &'static ::workflow_core::definition::Definition {
                    ::core::panic!("the workflow does not compile")
                }
            }

            impl ::workflow_core::Task for #name {
                const SIGNATURE: &'static ::workflow_core::Signature =
                    &::workflow_core::Signature { name: #text, arguments: &["input"], resources: "", has_context: false, is_workflow: true };
                type Input = #input;
                type Output = #output;
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

            impl ::workflow_core::Machine for #name {
                type Input = #input;
                type Output = #output;
                type Resources = #resources;
                type State = ();
                type Variables = ();
                const STATES: &'static ::workflow_core::definition::StateMachine =
                    ::core::panic!("the workflow does not compile");

                fn start(_: Self::Input) -> Self::State {}

                async fn run<_E: ::workflow_core::Engine, _S: ::workflow_core::Entry<Self>>(
                    _: _E,
                    _: <Self::Resources as ::workflow_core::Resources>::Ref<'_>,
                    _: Self::Variables,
                    _: S,
                ) -> ::core::result::Result<Self::Output, ::workflow_core::Failed> {
                    ::core::unreachable!("the workflow does not compile")
                }
            }

            impl ::workflow_core::Workflow for #name {
                const DEFINITION: &'static ::workflow_core::Definition =
                    ::core::panic!("the workflow does not compile");
                const ERRORS: &'static ::workflow_core::ErrorNames =
                    <::workflow_core::ErrorOutput as ::workflow_core::TaskError>::NAMES;

                fn variables(_: &::workflow_core::Execution, _: &Self::Input) -> Self::Variables {}
            }

            #references
        };
    }
}

/// The tasks, the types and the states that are named, each at its token.
fn references(workflow: &Workflow<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (id, machine) in workflow.machines.iter().enumerate() {
        tokens.extend(references::declarations(id, machine));
        for state in &machine.states {
            if let Kind::Task { call: Some(call), awaited, .. } = &state.kind {
                let function = &call.function;
                tokens.extend(match &call.integration {
                    None => named(function),
                    Some(integration) => named(&quote!(#integration<#function>)),
                });
                tokens.extend(awaited.map(named));
            }
            for (expression, _) in expressions::uses(state) {
                expression.each_type(&mut |ty| tokens.extend(named(ty)));
            }
            for next in state.transitions() {
                if let Target::State(target) = next.target {
                    let target = references::position(id, machine, target, next.span);
                    tokens.extend(quote!(const _: u16 = #target;));
                }
            }
        }
    }
    tokens
}

/// A type that is named and not used.
fn named(ty: &impl ToTokens) -> TokenStream {
    quote!(const _: ::core::option::Option<#ty> = ::core::option::Option::None;)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    /// What becomes of a source, as text.
    fn expand(source: &str) -> String {
        crate::compile(source.parse().expect("the source is tokens")).to_string()
    }

    /// The source with an order flow around the fields of its first state.
    fn flow(fields: &str) -> String {
        expand(&format!(
            "pub OrderFlow(Order) -> Parcel; Charge: Task {{ {fields} }} Ship: Task {{ call: ship($), end }}"
        ))
    }

    fn names(expansion: &str, tokens: proc_macro2::TokenStream) -> bool {
        expansion.contains(&tokens.to_string())
    }

    #[test]
    fn a_half_typed_path_leaves_the_task_and_the_target() {
        let expansion = flow("call: charge($.), next: Ship");
        assert!(expansion.contains("expected a field name after `.`"));
        assert!(names(&expansion, quote!(Option<charge>)), "{expansion}");
        assert!(names(&expansion, quote!(u16 = _States0::Ship)), "{expansion}");
        assert!(names(
            &expansion,
            quote!(
                pub struct OrderFlow;
            )
        ));
    }

    #[test]
    fn a_target_that_is_not_typed_yet_leaves_the_task() {
        for fields in
            ["call: charge($), next:", "call: charge($), next: ,", "call: charge($), next"]
        {
            let expansion = flow(fields);
            assert!(expansion.contains("compile_error"), "{fields}");
            assert!(names(&expansion, quote!(Option<charge>)), "{fields}: {expansion}");
            assert!(names(&expansion, quote!(Option<ship>)), "{fields}: the next state is read");
        }
    }

    #[test]
    fn what_is_half_typed_leaves_the_states_around_it() {
        for half_typed in [
            "Fo",
            "Fo:",
            "Fo: Ta",
            "Fo: Task",
            "timeout",
            "timeout:",
            "timeout: 5",
            "timeout: 5s",
            "start_at:",
            "export:",
            "retry",
            "retry L",
            "retry L =",
            "retry L = { error_equals: [\"States.ALL\"] }",
            "retry L = \"x\"",
        ] {
            let expansion = expand(&format!(
                "pub OrderFlow(Order) -> Parcel; Charge: Task {{ call: charge($), next: Ship }} {half_typed} Ship: Task {{ call: ship($), end }}"
            ));
            assert!(names(&expansion, quote!(Option<charge>)), "{half_typed}: {expansion}");
            assert!(names(&expansion, quote!(Option<ship>)), "{half_typed}: {expansion}");
            assert!(names(&expansion, quote!(u16 = _States0::Ship)), "{half_typed}: {expansion}");
            assert_eq!(expansion.matches("compile_error").count(), 1, "{half_typed}: {expansion}");
        }
    }

    #[test]
    fn what_is_half_typed_can_be_named_already() {
        for (half_typed, first) in [
            ("Fo", "next: Fo"),
            ("Fo: Task", "next: Fo"),
            ("retry L", "retry: L, next: Ship"),
            ("retry L = \"x\";", "retry: L, next: Ship"),
        ] {
            let source = format!(
                "pub OrderFlow(Order) -> Parcel; {half_typed} Charge: Task {{ call: charge($), {first} }} Ship: Task {{ call: ship($), end }}"
            );
            let expansion = expand(&source);
            assert_eq!(expansion.matches("compile_error").count(), 1, "{half_typed}: {expansion}");
        }
    }

    #[test]
    fn types_in_expressions_are_named() {
        let expansion =
            flow("call: charge($), output: Receipt { total_value: $.total }, next: Shp");
        assert!(names(&expansion, quote!(Option<Receipt>)), "{expansion}");
    }

    #[test]
    fn a_broken_workflow_can_still_be_called() {
        let expansion = flow("call: charge($), next: Shp");
        assert!(names(&expansion, quote!(impl ::workflow_core::Task for OrderFlow)));
        assert!(names(&expansion, quote!(pub async fn run)));
    }

    #[test]
    fn nothing_at_all_is_an_error_and_no_panic() {
        for source in ["", "pub", "pub OrderFlow", "pub OrderFlow(", "$", "{}", "A: Pass { end }"] {
            let Ok(tokens) = source.parse() else { continue };
            assert!(crate::compile(tokens).to_string().contains("compile_error"), "{source}");
        }
    }
}
