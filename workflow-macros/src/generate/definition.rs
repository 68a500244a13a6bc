//! The description of a workflow as static data, the checks of what it names.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use super::lower::respan;
use super::machine::names;
use super::{Generator, Raised, references};
use crate::model::{self, Kind, PathField, State, Target};
use crate::parse::{ErrorName, Expression, ExpressionKind, Limit, Retrier, Root};

pub(crate) fn duration(duration: Duration) -> TokenStream {
    let (seconds, nanoseconds) = (duration.as_secs(), duration.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanoseconds))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(_wf::Some(#value)),
        None => quote!(_wf::None),
    }
}

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
                static #name: [_wf::definition::State; #count] = [#(#states),*];
            }
        });
        let name = source.name.to_string();
        let comment =
            option(crate::parse::native::comment(&source.attributes).map(|text| quote!(#text)));
        let timeout = option(source.timeout.as_ref().map(|timeout| duration(timeout.value)));
        let machine = self.describe_machine(0);
        let checks = self.error_checks();
        quote! {
            #(#statics)*
            static _DEFINITION: _wf::definition::Definition = _wf::definition::Definition {
                name: #name,
                comment: #comment,
                input: <_Start0 as ::workflow_core::Data>::TYPE,
                output: <_Output0 as ::workflow_core::Data>::TYPE,
                timeout: #timeout,
                machine: #machine,
            };
            #checks
        }
    }

    fn describe_machine(&self, id: usize) -> TokenStream {
        let states = names::states(id);
        let machine = &self.workflow.machines[id];
        let start =
            references::reference(id, machine, machine.start, proc_macro2::Span::call_site());
        quote!(_wf::definition::StateMachine { start_at: #start, states: &#states })
    }

    fn describe(&self, machine: usize, id: usize, state: &State<'_>) -> TokenStream {
        let name = &state.name.text;
        let comment = option(state.comment.as_ref().map(|text| quote!(#text)));
        let kind = self.describe_kind(machine, id, state);
        let flow = describe_flow(state);
        let transition = option(state.next.and_then(|next| match next.target {
            Target::State(id) => {
                let id = self.reference(machine, id, next);
                Some(quote!(_wf::definition::Transition::Next(#id)))
            }
            Target::End => Some(quote!(_wf::definition::Transition::End)),
            Target::Unknown => None,
        }));
        quote! {
            _wf::definition::State {
                name: #name, comment: #comment, kind: #kind, flow: #flow, transition: #transition,
            }
        }
    }

    fn describe_kind(&self, machine: usize, id: usize, state: &State<'_>) -> TokenStream {
        let definition = quote!(::workflow_core::definition);
        let retry = state.retry.iter().map(|retrier| describe_retrier(retrier));
        let retry = quote!(&[#(#retry),*]);
        let catch =
            state.catch.iter().filter_map(|catcher| self.describe_catcher(machine, catcher));
        let catch = quote!(&[#(#catch),*]);
        match &state.kind {
            Kind::Task { call: Some(call), timeout, heartbeat } => {
                let task = super::task_alias(machine, id);
                let integration = if call.integration.is_some() {
                    quote!(LambdaInvoke)
                } else {
                    quote!(Function)
                };
                let arguments: Vec<TokenStream> = match &call.arguments {
                    Some(arguments) => arguments.iter().map(expression).collect(),
                    None => vec![quote!(#definition::Expression::Path("$"))],
                };
                let [timeout, heartbeat] =
                    [timeout, heartbeat].map(|value| option(value.map(limit)));
                quote! {
                    #definition::Kind::Task(#definition::Task {
                        function: <#task as ::workflow_core::Task>::NAME,
                        integration: #definition::Integration::#integration,
                        arguments: &[#(#arguments),*],
                        parameters: <#task as ::workflow_core::Task>::ARGUMENTS,
                        timeout: #timeout,
                        heartbeat: #heartbeat,
                        retry: #retry,
                        catch: #catch,
                    })
                }
            }
            Kind::Choice { rules, default } => {
                let rules = rules.iter().filter_map(|rule| self.describe_rule(machine, rule));
                let default = option(default.as_ref().and_then(|rule| match rule.next.target {
                    Target::State(id) => Some(self.reference(machine, id, rule.next)),
                    _ => None,
                }));
                quote!(#definition::Kind::Choice(#definition::Choice { rules: &[#(#rules),*], default: #default }))
            }
            Kind::Parallel { branches } => {
                let branches = branches.iter().map(|id| self.describe_machine(*id));
                quote!(#definition::Kind::Parallel(#definition::Parallel { branches: &[#(#branches),*], retry: #retry, catch: #catch }))
            }
            Kind::Map { items: Some(items), selector, processor: Some(processor), concurrency } => {
                let (items, selector) = (expression(items), option(selector.map(expression)));
                let (processor, concurrency) =
                    (self.describe_machine(*processor), option(concurrency.map(expression)));
                quote! {
                    #definition::Kind::Map(#definition::Map {
                        items: #items,
                        item_selector: #selector,
                        item_processor: #processor,
                        max_concurrency: #concurrency,
                        retry: #retry,
                        catch: #catch,
                    })
                }
            }
            Kind::Wait(Some(model::Wait::Seconds(value))) => {
                let value = limit(value);
                quote!(#definition::Kind::Wait(#definition::Wait::Seconds(#value)))
            }
            Kind::Wait(Some(model::Wait::Timestamp(value))) => {
                let value = expression(value);
                quote!(#definition::Kind::Wait(#definition::Wait::Timestamp(#value)))
            }
            Kind::Fail { error, cause } => {
                let [error, cause] = [error, cause].map(|value| option(value.map(expression)));
                quote!(#definition::Kind::Fail(#definition::Fail { error: #error, cause: #cause }))
            }
            Kind::Succeed => quote!(#definition::Kind::Succeed),
            _ => quote!(#definition::Kind::Pass),
        }
    }

    /// Checks that every error name can be raised: of a state's own retriers and catchers against what it runs, of a named
    /// policy against all the states that use it.
    pub(crate) fn error_checks(&self) -> TokenStream {
        let mut checks = TokenStream::new();
        for (machine, id, state) in self.states() {
            if state.retry.is_empty() && state.catch.is_empty() {
                continue;
            }
            let errors = self.raised_by(machine, id);
            let (name, raises) = (&state.name.text, what_raises(state));
            let raised = quote!(_wf::check::Raises { state: #name, raises: #raises, errors: &[#(#errors),*] });
            let own = state.retry.iter().filter(|retrier| !self.is_of_a_policy(retrier));
            let retried = own.flat_map(|retrier| retrier.error_equals.iter().flatten());
            let caught =
                state.catch.iter().flat_map(|catcher| catcher.error_equals.into_iter().flatten());
            checks.extend(retried.chain(caught).map(|error| check_error(error, &raised)));
        }
        for policy in &self.workflow.source.policies {
            let users = self.states().filter(|(_, _, state)| {
                state
                    .retry
                    .iter()
                    .any(|retrier| policy.retriers.iter().any(|own| std::ptr::eq(own, *retrier)))
            });
            let errors: Vec<TokenStream> =
                users.flat_map(|(machine, id, _)| self.raised_by(machine, id)).collect();
            if errors.is_empty() {
                continue;
            }
            let raises = format!("what runs under `retry: {}`", policy.name);
            let raised =
                quote!(_wf::check::Raises { state: "", raises: #raises, errors: &[#(#errors),*] });
            checks.extend(
                policy
                    .retriers
                    .iter()
                    .flat_map(|retrier| retrier.error_equals.iter().flatten())
                    .map(|error| check_error(error, &raised)),
            );
        }
        checks
    }

    fn describe_catcher(
        &self,
        machine: usize,
        catcher: &model::Catcher<'_>,
    ) -> Option<TokenStream> {
        let Target::State(next) = catcher.next.target else { return None };
        let (names, next) = (
            error_names(catcher.error_equals.unwrap_or_default()),
            self.reference(machine, next, catcher.next),
        );
        let (result_path, output) =
            (path_field(catcher.result_path), option(catcher.output.map(expression)));
        let assign = describe_assign(catcher.assign);
        Some(quote! {
            _wf::definition::Catcher {
                error_equals: #names, next: #next, result_path: #result_path, output: #output, assign: #assign,
            }
        })
    }

    fn describe_rule(&self, machine: usize, rule: &model::Rule<'_>) -> Option<TokenStream> {
        let Target::State(next) = rule.next.target else { return None };
        let (condition, next) =
            (expression(rule.condition?), self.reference(machine, next, rule.next));
        let (output, assign) = (option(rule.output.map(expression)), describe_assign(rule.assign));
        Some(quote! {
            _wf::definition::ChoiceRule { condition: #condition, next: #next, output: #output, assign: #assign }
        })
    }

    /// The state of a machine, named at the target of a transition.
    fn reference(&self, machine: usize, state: usize, next: model::Next) -> TokenStream {
        references::reference(machine, &self.workflow.machines[machine], state, next.span)
    }

    fn is_of_a_policy(&self, retrier: &Retrier) -> bool {
        self.workflow
            .source
            .policies
            .iter()
            .any(|policy| policy.retriers.iter().any(|own| std::ptr::eq(own, retrier)))
    }

    fn states(&self) -> impl Iterator<Item = (usize, usize, &State<'_>)> {
        let machines = self.workflow.machines.iter().enumerate();
        machines.flat_map(|(machine, all)| {
            all.states.iter().enumerate().map(move |(id, state)| (machine, id, state))
        })
    }

    /// What the task of a state raises, or what the machines inside it raise.
    fn raised_by(&self, machine: usize, id: usize) -> Vec<TokenStream> {
        let state = &self.workflow.machines[machine].states[id];
        if let Kind::Task { .. } = &state.kind {
            let task = super::task_alias(machine, id);
            return vec![
                quote!(<<#task as ::workflow_core::Task>::Error as ::workflow_core::TaskError>::NAMES),
            ];
        }
        let mut machines = Vec::new();
        self.inner_machines(state, &mut machines);
        let Raised { variants, others, open } = Raised::of(self, &machines);
        vec![
            quote!(&::workflow_core::ErrorNames { name: "", variants: &[#(#variants),*], others: &[#(#others),*], open: #open }),
        ]
    }

    fn inner_machines(&self, state: &State<'_>, machines: &mut Vec<usize>) {
        for id in state.machines() {
            machines.push(*id);
            for state in &self.workflow.machines[*id].states {
                self.inner_machines(state, machines);
            }
        }
    }
}

fn what_raises(state: &State<'_>) -> String {
    match &state.kind {
        Kind::Task { call: Some(call), .. } => {
            format!("`{}`", crate::parse::expression::path_text(&call.function))
        }
        _ => "what runs inside".to_owned(),
    }
}

fn check_error(error: &ErrorName, raised: &TokenStream) -> TokenStream {
    let check = match error {
        ErrorName::Text(text) => {
            let name = &text.value;
            quote!(_wf::check::error_name(#raised, #name))
        }
        ErrorName::Variant { ty, variant } => {
            let name = variant.to_string();
            quote!(_wf::check::error_variant::<#ty>(#raised, #name))
        }
    };
    let check = respan(check, error.span(), error.span());
    quote!(const _: () = #check;)
}

fn describe_flow(state: &State<'_>) -> TokenStream {
    let flow = &state.flow;
    let [input_path, result_path, output_path] =
        [flow.input_path, flow.result_path, flow.output_path].map(path_field);
    let parameters = option(flow.parameters.map(expression));
    let result_selector = option(flow.result_selector.map(expression));
    let output = option(flow.output.or(flow.result).map(expression));
    let assign = describe_assign(flow.assign);
    quote! {
        _wf::definition::DataFlow {
            input_path: #input_path,
            parameters: #parameters,
            result_selector: #result_selector,
            result_path: #result_path,
            output_path: #output_path,
            output: #output,
            assign: #assign,
        }
    }
}

fn path_field(field: Option<PathField<'_>>) -> TokenStream {
    match field {
        None => quote!(_wf::definition::PathField::Absent),
        Some(PathField { path: None }) => quote!(_wf::definition::PathField::Null),
        Some(PathField { path: Some(path) }) => {
            let text = path.to_string();
            quote!(_wf::definition::PathField::Path(#text))
        }
    }
}

fn describe_assign(assign: &[(proc_macro2::Ident, Expression)]) -> TokenStream {
    let variables = assign.iter().map(|(name, value)| {
        let (name, value) = (name.to_string(), expression(value));
        quote!((#name, #value))
    });
    quote!(&[#(#variables),*])
}

fn limit(value: &Limit) -> TokenStream {
    match value {
        Limit::Fixed(fixed) => {
            let fixed = duration(fixed.value);
            quote!(_wf::definition::Limit::Fixed(#fixed))
        }
        Limit::Seconds(value) => {
            let value = expression(value);
            quote!(_wf::definition::Limit::Seconds(#value))
        }
    }
}

fn error_names(names: &[ErrorName]) -> TokenStream {
    let names = names.iter().map(|name| match name {
        ErrorName::Text(text) => {
            let name = &text.value;
            quote!(#name)
        }
        ErrorName::Variant { ty, variant } => {
            let name = variant.to_string();
            quote!(_wf::check::variant_name::<#ty>(#name))
        }
    });
    quote!(&[#(#names),*])
}

fn describe_retrier(retrier: &Retrier) -> TokenStream {
    let names = error_names(retrier.error_equals.as_deref().unwrap_or_default());
    let mut fields = TokenStream::new();
    if let Some(interval) = &retrier.interval {
        let interval = duration(interval.value);
        fields.extend(quote!(interval: #interval,));
    }
    if let Some(attempts) = &retrier.max_attempts {
        let attempts = attempts.value;
        fields.extend(quote!(max_attempts: #attempts,));
    }
    if let Some(rate) = &retrier.backoff_rate {
        let rate = rate.value;
        fields.extend(quote!(backoff_rate: #rate,));
    }
    if let Some(delay) = &retrier.max_delay {
        let delay = duration(delay.value);
        fields.extend(quote!(max_delay: _wf::Some(#delay),));
    }
    if retrier.jitter.as_ref().is_some_and(|jitter| jitter == "FULL") {
        fields.extend(quote!(jitter: ::workflow_core::Jitter::Full,));
    }
    quote!(::workflow_core::Retrier { #fields ..::workflow_core::Retrier::new(#names) })
}

/// An expression as static data.
pub(crate) fn expression(value: &Expression) -> TokenStream {
    let ty = quote!(_wf::definition::Expression);
    let fields = |fields: Vec<(String, &Expression)>| {
        let fields = fields.into_iter().map(|(name, value)| {
            let value = expression(value);
            quote!((#name, #value))
        });
        quote!(&[#(#fields),*])
    };
    match &value.kind {
        ExpressionKind::Literal(literal) => {
            let text = literal.to_json();
            quote!(#ty::Literal(#text))
        }
        ExpressionKind::Path(path) => {
            let text = path.to_string();
            if matches!(path.root, Root::Context) {
                quote!(#ty::Context(#text))
            } else {
                quote!(#ty::Path(#text))
            }
        }
        ExpressionKind::Object(all) => {
            let fields = fields(all.iter().map(|(name, value)| (name.value(), value)).collect());
            quote!(#ty::Object(#fields))
        }
        ExpressionKind::Struct(path, all) => {
            let name = crate::parse::expression::path_text(path);
            let fields =
                fields(all.iter().map(|(name, value)| (name.to_string(), value)).collect());
            quote!(#ty::Struct(#name, #fields))
        }
        ExpressionKind::Array(items) => {
            let items = items.iter().map(expression);
            quote!(#ty::Array(&[#(#items),*]))
        }
        ExpressionKind::Call(name, arguments) => {
            let (name, arguments) = (name.to_string(), arguments.iter().map(expression));
            quote!(#ty::Call(#name, &[#(#arguments),*]))
        }
        ExpressionKind::Some(value) => expression(value),
        ExpressionKind::Not(operand) => {
            let operand = expression(operand);
            quote!(#ty::Unary("!", &#operand))
        }
        ExpressionKind::Negative(operand) => {
            let operand = expression(operand);
            quote!(#ty::Unary("-", &#operand))
        }
        ExpressionKind::Binary(left, operator, right) => {
            let (left, operator, right) = (expression(left), operator.symbol(), expression(right));
            quote!(#ty::Binary(&#left, #operator, &#right))
        }
        ExpressionKind::Constant(path) => {
            let text = crate::parse::expression::path_text(path);
            quote!(#ty::Constant(#text))
        }
    }
}
