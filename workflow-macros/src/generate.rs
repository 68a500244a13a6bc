//! The outermost template of the generated code. What a machine is, is in `generate/machine.rs`; its description, in
//! `generate/definition.rs`.

pub(crate) mod check;
pub(crate) mod definition;
mod documentation;
mod exports;
pub(crate) mod lower;
mod machine;
mod raised;
pub(crate) mod references;
mod state;
mod transition;

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::data::written;
use lower::Items;
use machine::names;
use workflow_syntax::check::Checked;
use workflow_syntax::check::variables::Variables;
use workflow_syntax::model::{State, Target, Workflow};
use workflow_syntax::parse::Notation;
use workflow_syntax::types::Definers;

/// What the generator knows of the whole workflow.
pub(crate) struct Generator<'a> {
    pub(crate) workflow: &'a Workflow<'a>,
    pub(crate) variables: &'a Variables,
    pub(crate) definers: Vec<Definers<'a>>,
    pub(crate) items: Items,
    /// The checks that hold the transitions into a state, or to the end of a machine, to one type.
    pub(crate) joins: HashMap<(usize, Target), Vec<TokenStream>>,
}

impl<'a> Generator<'a> {
    /// The states of all machines, with the machine and the position of each.
    fn states(&self) -> impl Iterator<Item = (usize, usize, &State<'_>)> {
        let machines = self.workflow.machines.iter().enumerate();
        machines.flat_map(|(machine, all)| {
            all.states.iter().enumerate().map(move |(id, state)| (machine, id, state))
        })
    }

    /// Whether the workflow is a definition of ASL, in which data of several types may meet.
    pub(crate) fn is_asl(&self) -> bool {
        self.workflow.source.notation == Notation::Asl
    }

    fn new(checked: &'a Checked<'a>) -> Self {
        let (workflow, variables) = (&checked.workflow, &checked.variables);
        let definers =
            (0..workflow.machines.len()).map(|id| Definers::of(workflow, id, variables)).collect();
        Self { workflow, variables, definers, items: Items::default(), joins: HashMap::new() }
    }
}

/// The checks that need types alone, of a workflow that is wrong in something else.
pub(crate) fn type_checks(checked: &Checked<'_>) -> TokenStream {
    let mut generator = Generator::new(checked);
    for id in 0..checked.workflow.machines.len() {
        generator.machine(id);
    }
    generator.items.end();
    let (items, uses) = (&generator.items.tokens, generator.items.uses());
    let (errors, exports) = (generator.error_checks(), generator.export_checks());
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, unused, non_snake_case, non_camel_case_types, private_interfaces)]
        const _: () = {
            use ::workflow_core::private::names::*;
            #items
            #uses
            #errors
            #exports
        };
    }
}

/// Generates the code of a checked workflow.
pub(crate) fn generate(checked: &Checked<'_>) -> TokenStream {
    let workflow = &checked.workflow;
    let mut generator = Generator::new(checked);
    let machines: TokenStream =
        (0..workflow.machines.len()).map(|id| generator.machine(id)).collect();
    generator.items.end();
    let definition = generator.definition();
    let declaration = declaration(workflow);
    let interface = interface(workflow, &generator);
    let unused_policies = generator.unused_policies();
    let items = generator.items.tokens;
    quote! {
        #declaration
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, dead_code, unreachable_code, unreachable_pub, unused, non_snake_case, non_upper_case_globals, non_camel_case_types, missing_docs, missing_debug_implementations, private_interfaces)]
        const _: () = {
            use ::workflow_core::private::names::*;
            #items
            #definition
            #machines
            #interface
        };
        #unused_policies
    }
}

/// The type of the workflow, with its documentation.
pub(crate) fn declaration(workflow: &Workflow<'_>) -> TokenStream {
    let source = workflow.source;
    let (attributes, visibility, name) = (&source.attributes, &source.visibility, &source.name);
    let documentation = documentation::documentation(workflow);
    quote! {
        #(#attributes)*
        #[doc = #documentation]
        #[derive(Debug, Clone, Copy)]
        #visibility struct #name;
    }
}

/// What a program calls: `run`, and the workflow as a task.
fn interface(workflow: &Workflow<'_>, generator: &Generator<'_>) -> TokenStream {
    let source = workflow.source;
    let (name, visibility) = (&source.name, &source.visibility);
    let text = name.to_string();
    let errors = raised::errors(workflow, generator);
    let set_input = generator.variables.scopes[0]
        .reads_execution_input
        .then(|| quote!(variables.execution_input = _Some(_clone(input));));
    let start_clock = reads_start_time(workflow).then(|| quote!(execution.start_clock();));
    let variables = names::variables(0);
    let run = run(workflow);
    let resources = resources_text(workflow);
    let input_type = machine::of_head(&source.input, "Input", &names::start(0));
    let output_type = machine::of_head(&source.output, "Output", &names::output(0));
    quote! {
        impl _Workflow for #name {
            const DEFINITION: &'static _definition_Definition = &_DEFINITION;
            const ERRORS: &'static _ErrorNames = &_ErrorNames {
                name: #text,
                #errors
            };

            fn variables(execution: &_Execution, input: &_Start0) -> #variables {
                let mut variables = <#variables as _Default>::default();
                #set_input
                #start_clock
                variables
            }
        }

        #[doc(hidden)]
        impl _Task for #name {
            const SIGNATURE: &'static _Signature =
                &_Signature { name: #text, arguments: &["input"], resources: #resources, has_context: false, is_workflow: true };
            const WORKFLOW: _Option<fn() -> &'static _definition_Definition> = _Some(|| <Self as _Workflow>::DEFINITION);
            #input_type
            #output_type
            type Error = _NestedError<Self>;
            type Resources = <Self as _Machine>::Resources;

            async fn call(
                resources: <Self::Resources as _Resources>::Ref<'_>,
                _: _Attempt<'_>,
                input: _Start0,
            ) -> _Result<_Output0, _NestedError<Self>> {
                _run_nested::<Self>(resources, input).await
            }

            async fn invoke<_E: _Engine>(
                engine: &_E,
                resources: <Self::Resources as _Resources>::Ref<'_>,
                attempt: _Attempt<'_>,
                input: _Start0,
            ) -> _Result<_Output0, _Failed> {
                engine.nested::<Self>(attempt.state, resources, input).await.map_err(_nested_failure)
            }
        }

        impl #name {
            /// Returns the description of the workflow.
            #[must_use]
            #visibility const fn definition() -> &'static ::workflow_core::Definition {
                &_DEFINITION
            }

            /// Returns the workflow as a definition of the Amazon States Language, with a placeholder for each function:
            /// `${charge}`. `workflow_core::asl::Export` puts ARNs there.
            ///
            /// # Errors
            ///
            /// When ASL cannot express all of it.
            #visibility fn asl() -> ::core::result::Result<::std::string::String, ::workflow_core::asl::ExportError> {
                ::workflow_core::asl::text(&_DEFINITION)
            }

            #run
        }
    }
}

/// The type that the program hands to the workflow, as a message names it; empty where there is none.
pub(crate) fn resources_text(workflow: &Workflow<'_>) -> String {
    let resources = workflow.source.resources.as_ref();
    resources.map_or(String::new(), |ty| written(ty).replace(" + 'static", ""))
}

fn run(workflow: &Workflow<'_>) -> TokenStream {
    let source = workflow.source;
    // What documentation shows has the names that users know.
    let (visibility, input, output) = (&source.visibility, &source.input, &source.output);
    let (parameter, given) = match &source.resources {
        Some(resources) => (quote!(resources: &#resources,), quote!(resources)),
        None => (quote!(), quote!(())),
    };
    quote! {
        /// Runs the workflow in the process, to its end. Dropping the future cancels the execution.
        ///
        /// # Errors
        ///
        /// What the execution failed with: an error that no retrier and no catcher took, a Fail state, a timeout.
        #[inline]
        #visibility fn run(
            #parameter
            input: #input,
        ) -> impl ::core::future::Future<
            Output = ::core::result::Result<#output, ::workflow_core::ExecutionError>,
        > + ::core::marker::Send {
            _run::<Self, _>(#given, input)
        }
    }
}

fn reads_start_time(workflow: &Workflow<'_>) -> bool {
    workflow.each_state().any(|(_, state)| {
        workflow_syntax::check::variables::reads_context(state, "$$.Execution.StartTime")
    })
}

/// The name of the alias of a state's input type.
pub(crate) fn input_type(machine: usize, state: usize) -> Ident {
    format_ident!("_Input{machine}_{state}")
}

/// The name of the alias of the type that the first transition into a state hands to it.
pub(crate) fn first_type(machine: usize, target: Target) -> Ident {
    match target {
        Target::State(state) => format_ident!("_First{machine}_{state}"),
        Target::End | Target::Unknown => format_ident!("_First{machine}_end"),
    }
}

/// The name of the alias of the task that a state calls.
pub(crate) fn task_alias(machine: usize, state: usize) -> Ident {
    format_ident!("_Task{machine}_{state}")
}
