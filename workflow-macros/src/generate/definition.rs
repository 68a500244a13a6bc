//! The description of a workflow as static data.

mod values;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use workflow_syntax::asl::is_waiting;
use workflow_syntax::export::{Inexpressible, inexpressible_of_execution};
use workflow_syntax::model::{self, Distributed, Kind, State, Target};
use workflow_syntax::parse::{Policy, Request, Retrier, Service};
use workflow_syntax::span::Span;

use super::machine::names;
use super::{Generator, references};
use values::{
    describe_assign, describe_retrier, error_names, expression, fail_error, limit, option,
    path_field, text_option,
};
pub(crate) use values::{duration, variant_name};

impl Generator<'_> {
    /// The statics of the definition and of every machine's states.
    pub(crate) fn definition(&self) -> TokenStream {
        let source = self.workflow.source;
        let statics = self.workflow.machines.iter().enumerate().map(|(id, machine)| {
            let (name, count) = (names::states(id), machine.states.len());
            let references = references::declarations(id, machine);
            let states = machine
                .states
                .iter()
                .enumerate()
                .map(|(place, state)| self.describe(id, place, state));
            quote! {
                #references
                static #name: [_definition_State; #count] = [#(#states),*];
            }
        });
        let name = source.name.to_string();
        let comment = workflow_syntax::parse::native::comment(&source.attributes);
        let comment = text_option(source.comment.as_deref().or(comment.as_deref()));
        let inexpressible = workflow_syntax::export::inexpressible(self.workflow);
        let inexpressible = inexpressible.iter().map(|Inexpressible { state, what, .. }| {
            quote!(_definition_Inexpressible { state: #state, what: #what })
        });
        let presences = self.items.presences.iter().map(|(state, path, absence)| {
            quote!(_definition_Presence { state: #state, path: #path, is_option: <#absence>::IS_OPTION })
        });
        let timeout = option(source.timeout.as_ref().map(|timeout| duration(timeout.value)));
        let machine = self.describe_machine(0);
        let (errors, exports) = (self.error_checks(), self.export_checks());
        let policies = source.policies.iter().map(|policy| {
            let (name, retriers) =
                (policy_name(policy), policy.retriers.iter().map(describe_retrier));
            quote!(const #name: &[_Retrier] = &[#(#retriers),*];)
        });
        quote! {
            #(#policies)*
            #(#statics)*
            static _DEFINITION: _definition_Definition = _definition_Definition {
                name: #name,
                comment: #comment,
                input: <_Start0 as _Data>::TYPE,
                output: <_Output0 as _Data>::TYPE,
                timeout: #timeout,
                machine: #machine,
                inexpressible: &[#(#inexpressible),*],
                presences: &[#(#presences),*],
            };
            #errors
            #exports
        }
    }

    pub(super) fn describe_machine(&self, id: usize) -> TokenStream {
        let states = names::states(id);
        let machine = &self.workflow.machines[id];
        let start = self.reference(id, machine.start, Span::call_site());
        let comment = machine.comment.map(|text| quote!(comment: _Some(#text),));
        let ty = quote!(_definition_StateMachine);
        with_fields(&ty, &quote!(#comment), quote!(#ty::new(#start, &#states)))
    }

    fn describe(&self, machine: usize, id: usize, state: &State<'_>) -> TokenStream {
        let name = &state.name.text;
        let kind = self.describe_kind(machine, id, state);
        let transition = match state.next.map(|next| (next.target, next.span)) {
            Some((Target::State(id), span)) => {
                let position =
                    references::position(machine, &self.workflow.machines[machine], id, span);
                quote!(_definition_Transition::next(#position))
            }
            Some((Target::End, _)) => quote!(_Some(_definition_Transition::End)),
            Some((Target::Unknown, _)) | None => quote!(_None),
        };
        let comment = state.comment.as_ref().map(|text| quote!(comment: _Some(#text),));
        let flow = describe_flow(state).map(|flow| quote!(flow: #flow,));
        let new = quote!(_definition_State::new(#name, #kind, #transition));
        with_fields(&quote!(_definition_State), &quote!(#comment #flow), new)
    }

    fn describe_kind(&self, machine: usize, id: usize, state: &State<'_>) -> TokenStream {
        let retry = self.describe_retry(state);
        let catch =
            state.catch.iter().filter_map(|catcher| self.describe_catcher(machine, catcher));
        let catch = quote!(&[#(#catch),*]);
        match &state.kind {
            Kind::Task { call: Some(call), timeout, heartbeat, awaited } => {
                let task = super::task_alias(machine, id);
                let arguments = match call.arguments.as_deref() {
                    Some([argument]) if argument.is_input() => quote!(_definition_INPUT),
                    None => quote!(_definition_INPUT),
                    Some(arguments) => {
                        let arguments = arguments.iter().map(expression);
                        quote!(&[#(#arguments),*])
                    }
                };
                let integration = match (&call.integration, &call.service.resource) {
                    (Some(_), _) if call.request() == Some(Request::StartExecution) => {
                        quote!(integration: _definition_Integration::StartExecution,)
                    }
                    (Some(_), _) => quote!(integration: _definition_Integration::LambdaInvoke,),
                    // A function that is the resource itself waits for nothing on AWS: it is called through Lambda.
                    (None, Some(resource)) if awaited.is_none() || is_waiting(resource) => {
                        quote!(integration: _definition_Integration::Function,)
                    }
                    (None, Some(_)) => quote!(integration: _definition_Integration::LambdaInvoke,),
                    (None, None) => quote!(),
                };
                let service = describe_service(&call.service);
                let inexpressible = describe_inexpressible(state);
                let timeout = timeout.map(limit).map(|limit| quote!(timeout: _Some(#limit),));
                let heartbeat = heartbeat.map(limit).map(|limit| quote!(heartbeat: _Some(#limit),));
                let task = with_fields(
                    &quote!(_definition_Task),
                    &quote!(#integration #service #inexpressible #timeout #heartbeat),
                    quote!(_definition_Task::of::<#task>(#arguments, #retry, #catch)),
                );
                quote!(_definition_Kind::Task(#task))
            }
            Kind::Choice { rules, default } => {
                let rules = rules.iter().filter_map(|rule| self.describe_rule(machine, rule));
                let default =
                    default.as_ref().and_then(|rule| self.describe_default(machine, rule));
                let default = option(default);
                quote!(_definition_Kind::Choice(_definition_Choice { rules: &[#(#rules),*], default: #default }))
            }
            Kind::Parallel { branches } => {
                let branches = branches.iter().map(|id| self.describe_machine(*id));
                quote!(_definition_Kind::Parallel(_definition_Parallel { branches: &[#(#branches),*], retry: #retry, catch: #catch }))
            }
            Kind::Map {
                items: Some(items),
                selector,
                processor: Some(processor),
                concurrency,
                distributed,
            } => {
                let distributed = option(distributed.map(describe_distributed));
                let (items, selector) = (expression(items), option(selector.map(expression)));
                let (processor, concurrency) =
                    (self.describe_machine(*processor), option(concurrency.map(expression)));
                quote! {
                    _definition_Kind::Map(_definition_Map {
                        items: #items,
                        item_selector: #selector,
                        item_processor: #processor,
                        max_concurrency: #concurrency,
                        distributed: #distributed,
                        retry: #retry,
                        catch: #catch,
                    })
                }
            }
            Kind::Wait(Some(model::Wait::Seconds(value))) => {
                let value = limit(value);
                quote!(_definition_Kind::Wait(_definition_Wait::Seconds(#value)))
            }
            Kind::Wait(Some(model::Wait::Timestamp(value))) => {
                let value = expression(value);
                quote!(_definition_Kind::Wait(_definition_Wait::Timestamp(#value)))
            }
            Kind::Fail { error, cause } => {
                let (error, cause) = (option(error.map(fail_error)), option(cause.map(expression)));
                quote!(_definition_Kind::Fail(_definition_Fail { error: #error, cause: #cause }))
            }
            Kind::Succeed => quote!(_definition_Kind::Succeed),
            _ => quote!(_definition_Kind::Pass),
        }
    }

    fn describe_catcher(
        &self,
        machine: usize,
        catcher: &model::Catcher<'_>,
    ) -> Option<TokenStream> {
        let Target::State(next) = catcher.next.target else { return None };
        let (names, next) = (
            error_names(catcher.error_equals.unwrap_or_default()),
            self.reference(machine, next, catcher.next.span),
        );
        let (result_path, output) =
            (path_field(catcher.result_path), option(catcher.output.map(expression)));
        let (assign, comment) = (describe_assign(catcher.assign), text_option(catcher.comment));
        Some(quote! {
            _definition_Catcher {
                comment: #comment, error_equals: #names, next: #next, result_path: #result_path, output: #output, assign: #assign,
            }
        })
    }

    fn describe_default(&self, machine: usize, rule: &model::Rule<'_>) -> Option<TokenStream> {
        let Target::State(next) = rule.next.target else { return None };
        let next = self.reference(machine, next, rule.next.span);
        let (output, assign) = (option(rule.output.map(expression)), describe_assign(rule.assign));
        Some(quote!(_definition_ChoiceDefault { next: #next, output: #output, assign: #assign }))
    }

    fn describe_rule(&self, machine: usize, rule: &model::Rule<'_>) -> Option<TokenStream> {
        let Target::State(next) = rule.next.target else { return None };
        let (condition, next) =
            (expression(rule.condition?), self.reference(machine, next, rule.next.span));
        let (output, assign) = (option(rule.output.map(expression)), describe_assign(rule.assign));
        let comment = text_option(rule.comment);
        Some(quote! {
            _definition_ChoiceRule { comment: #comment, condition: #condition, next: #next, output: #output, assign: #assign }
        })
    }

    /// The state of a machine, named at the target of a transition.
    fn reference(&self, machine: usize, state: usize, target: Span) -> TokenStream {
        let position =
            references::position(machine, &self.workflow.machines[machine], state, target);
        quote!(_definition_StateId(#position))
    }

    /// The retriers of a state: those of a policy are described once.
    fn describe_retry(&self, state: &State<'_>) -> TokenStream {
        let is_all = |policy: &&Policy| {
            let same = |(own, used): (&Retrier, &&Retrier)| std::ptr::eq(own, *used);
            policy.retriers.len() == state.retry.len()
                && policy.retriers.iter().zip(&state.retry).all(same)
        };
        match self.workflow.source.policies.iter().find(is_all) {
            Some(policy) if !state.retry.is_empty() => policy_name(policy).to_token_stream(),
            _ => {
                let retriers = state.retry.iter().map(|retrier| describe_retrier(retrier));
                quote!(&[#(#retriers),*])
            }
        }
    }
}

/// What ASL cannot express of a state that calls a workflow.
fn describe_inexpressible(state: &State<'_>) -> Option<TokenStream> {
    let found = inexpressible_of_execution(state).into_iter().map(|found| found.what);
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| quote!(inexpressible: &[#(#found),*],))
}

/// What only a definition of ASL says of a call.
fn describe_service(service: &Service) -> Option<TokenStream> {
    let Service { resource, credentials, request } = service;
    if resource.is_none() && credentials.is_none() && request.is_empty() {
        return None;
    }
    let (resource, credentials) =
        (text_option(resource.as_deref()), option(credentials.as_ref().map(expression)));
    let request = describe_assign(request);
    Some(quote! {
        service: _definition_Service { resource: #resource, credentials: #credentials, request: #request },
    })
}

fn describe_distributed(distributed: Distributed<'_>) -> TokenStream {
    let Distributed { execution_type, label, tolerated_count, tolerated_percentage } = distributed;
    let [count, percentage] =
        [tolerated_count, tolerated_percentage].map(|value| option(value.map(expression)));
    let label = text_option(label);
    quote! {
        _definition_Distributed {
            execution_type: #execution_type,
            label: #label,
            tolerated_count: #count,
            tolerated_percentage: #percentage,
        }
    }
}

/// A struct that differs from another in these fields.
fn with_fields(ty: &TokenStream, fields: &TokenStream, base: TokenStream) -> TokenStream {
    if fields.is_empty() { base } else { quote!(#ty { #fields ..#base }) }
}

/// The name of the constant that describes a policy.
fn policy_name(policy: &Policy) -> Ident {
    format_ident!("_Retry_{}", policy.name)
}

/// The data flow of a state, unless all goes through it unchanged.
fn describe_flow(state: &State<'_>) -> Option<TokenStream> {
    let flow = &state.flow;
    let paths = [
        ("input_path", flow.input_path),
        ("result_path", flow.result_path),
        ("output_path", flow.output_path),
    ];
    let paths = paths.into_iter().filter(|(_, path)| path.is_some()).map(|(name, path)| {
        let (name, path) = (format_ident!("{name}"), path_field(path));
        quote!(#name: #path,)
    });
    let expressions = [
        ("parameters", flow.parameters),
        ("result_selector", flow.result_selector),
        ("output", flow.output.or(flow.result)),
    ];
    let expressions = expressions.into_iter().filter_map(|(name, value)| {
        let (name, value) = (format_ident!("{name}"), expression(value?));
        Some(quote!(#name: _Some(#value),))
    });
    let mut fields: TokenStream = paths.chain(expressions).collect();
    if !flow.assign.is_empty() {
        let assign = describe_assign(flow.assign);
        fields.extend(quote!(assign: #assign,));
    }
    let ty = quote!(_definition_DataFlow);
    (!fields.is_empty()).then(|| with_fields(&ty, &fields, quote!(#ty::UNCHANGED)))
}
