//! The work of a Task state: its arguments, its limits of time, and the call.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{Context, Effective, once, takes_whole, template};
use crate::data::{data_check, ends};
use crate::generate::check::Check;
use crate::generate::lower::{Goes, Source, Typed};
use crate::generate::{Generator, resources_text, task_alias};
use workflow_syntax::check::variables::reads_context;
use workflow_syntax::model::{Kind, State};
use workflow_syntax::parse::expression::path_text;
use workflow_syntax::parse::{
    Call, Expression, ExpressionKind, Limit, Notation, Root, Service, ValuePath,
};
use workflow_syntax::span::Span;

impl Generator<'_> {
    /// The code that enters the state and does its work, up to the transition.
    pub(super) fn task(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        timeout: Option<&Limit>,
        heartbeat: Option<&Limit>,
    ) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let Effective { code: mut effective, source, selected } = self.effective(context, !retries);
        effective.extend(self.service_values(context, &call.service, &selected));
        let task = task_alias(context.machine, context.id);
        let ty = self.called(context, call);
        self.items.declare(&task, &quote!(#ty));
        let work =
            Work { limits: self.limits(context, selected, timeout, heartbeat), task, retries };
        let result = {
            let task = &work.task;
            quote!(<#task as _Task>::Output)
        };
        let is_envelope = call.integration.is_some();
        let simple = retries && effective.is_empty() && work.limits.is_none();
        if simple && hands_on_input(context, call) {
            let run = self.run_on_input(context, call, &work, &source);
            let (run, result) = match is_envelope {
                true => self.untyped_result(run, result.clone(), &[result]),
                false => (run, result),
            };
            return self.end_of_work(context, &effective, &run, &result);
        }
        let enter = self.enter(context);
        let visit = reads_attempt(context.state).then(|| {
            let visit = self.visit(context);
            quote!(let mut visit = #visit;)
        });
        let run = self.run(context, call, &work, source);
        let (run, result) = match is_envelope {
            true => self.untyped_result(run, result.clone(), &[result]),
            false => (run, result),
        };
        let rest = self.end_of_work(context, &effective, &run, &result);
        quote!(#enter #visit #rest)
    }

    /// The run of a task that takes the input as it is, as often as its retriers grant.
    fn run_on_input(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        work: &Work,
        source: &Source,
    ) -> TokenStream {
        let machine = self.machine_type(context.machine);
        let task = &work.task;
        self.check_whole_input(context, call, task, source);
        let id = context.id;
        quote!(_task_on_input::<#machine, #task, _, _, _>(engine, #id, resources, &input, &variables).await)
    }

    fn run(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        work: &Work,
        source: Source,
    ) -> TokenStream {
        let machine = self.machine_type(context.machine);
        let Work { task, limits, retries } = work;
        let arguments = self.arguments(context, call, task, source);
        let given = match limits {
            None => arguments,
            Some(limits) => quote!((#limits, #arguments)),
        };
        let counts = reads_attempt(context.state);
        let (id, within) = (context.id, limits.is_some());
        let begun = self.visit(context);
        if *retries {
            let function = if within { quote!(_task_within) } else { quote!(_task) };
            let visit = if counts { quote!(&mut visit) } else { begun.clone() };
            return quote! {
                #function::<#machine, #task, _, _>(engine, #id, #visit, resources, |visit| _Ok(#given)).await
            };
        }
        let function = if within { quote!(_task_once_within) } else { quote!(_task_once) };
        let visit = if counts { quote!(visit) } else { begun };
        let given = Self::caught_value(context, &given);
        quote!(#function::<#machine, #task, _, _>(engine, #id, #visit, resources, #given).await)
    }

    /// The type of the task that a state calls, held to be one, to have what it needs and as many arguments as it takes.
    fn called(&mut self, context: &Context<'_>, call: &Call) -> TokenStream {
        let state = &context.state.name.text;
        let function = &call.function;
        let text = path_text(function);
        let (has, given) =
            (resources_text(self.workflow), call.arguments.as_ref().map_or(1, Vec::len));
        let handed = match &self.workflow.source.resources {
            Some(ty) => quote!(&'static #ty),
            None => quote!(()),
        };
        // What is no type at all is said once.
        let named = self.items.alias(&quote!(#function));
        let is_object = |arguments: &[Expression]| {
            matches!(arguments, [Expression { kind: ExpressionKind::Object(_), .. }])
        };
        let object =
            template(context.state).is_some() || call.arguments.as_deref().is_none_or(is_object);
        // What a definition of ASL gives a function is in no call.
        let handed_on = call.arguments.is_none() || self.workflow.source.notation == Notation::Asl;
        let awaits = context.state.kind.awaits();
        let hands_token = awaits && reads_context(context.state, "$$.Task.Token");
        let arguments = quote! {
            _check_Call {
                state: #state,
                function: #text,
                given: #given,
                object: #object,
                handed_on: #handed_on,
                awaits: #awaits,
                hands_token: #hands_token,
                has: #has,
            },
            _IsTask::<#named>::SIGNATURE,
            _Has::<#handed, #named>::ANSWER,
        };
        let span = function_span(call);
        let kind = Check::new("call", TokenStream::new(), arguments).constant(span, span);
        let task = quote!(<#named as _Sound<#kind>>::Type);
        match (&call.integration, &context.state.kind) {
            (_, Kind::Task { awaited: Some(ty), .. }) => {
                let (first, last) = ends(ty);
                let kind = data_check(ty).constant(first, last);
                quote!(_WaitForTaskToken<#task, <#ty as _Sound<#kind>>::Type>)
            }
            (None, _) => task,
            (Some(invoke), _) => quote!(#invoke<#task>),
        }
    }

    /// The values that only the service on AWS reads: what a path does not find fails the state here as well.
    fn service_values(
        &mut self,
        context: &Context<'_>,
        service: &Service,
        selected: &Source,
    ) -> TokenStream {
        let scope = self.scope(context, selected.clone());
        let is_computed = |value: &&Expression| !matches!(value.kind, ExpressionKind::Literal(_));
        let values = service.values().filter(is_computed).map(|value| {
            let Typed { ty, code } = self.lower().natural(&scope, value);
            let value = Self::try_work(context, &code);
            quote!(let _: #ty = #value;)
        });
        values.collect()
    }

    /// The limits of time of an attempt, looked up in what `parameters` are made of.
    fn limits(
        &mut self,
        context: &Context<'_>,
        selected: Source,
        timeout: Option<&Limit>,
        heartbeat: Option<&Limit>,
    ) -> Option<TokenStream> {
        if timeout.is_none() && heartbeat.is_none() {
            return None;
        }
        let scope = self.scope(context, selected);
        let limits = [(timeout, "TimeoutSecondsPath"), (heartbeat, "HeartbeatSecondsPath")];
        let [timeout, heartbeat] = limits.map(|(limit, field)| match limit {
            None => quote!(_None),
            Some(limit) => {
                let duration = self.lower().limit(&scope, limit, field);
                quote!(_Some(#duration))
            }
        });
        Some(quote!(_Limits { timeout: #timeout, heartbeat: #heartbeat }))
    }

    /// Checks that the state's input goes into the only argument of the task.
    fn check_whole_input(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        task: &Ident,
        source: &Source,
    ) {
        let bare = [whole(call)];
        let given = call.arguments.as_deref().unwrap_or(&bare);
        let ty = quote!(<#task as _Task>::Input);
        let scope = self.scope(context, source.clone());
        let goes = Goes::Argument(quote!(#task), 0);
        let site = scope.site(&given[0].to_string(), &goes, given[0].start);
        self.lower().check_fit(&source.ty, &ty, &site, (given[0].start, given[0].end));
    }

    /// The arguments of a call, as the input of the task.
    fn arguments(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        task: &Ident,
        source: Source,
    ) -> TokenStream {
        let bare = [whole(call)];
        let template = template(context.state).map(std::slice::from_ref);
        let given = template.or(call.arguments.as_deref()).unwrap_or(&bare);
        let scope = self.scope(context, once(source, &given.iter().collect::<Vec<_>>()));
        let span = function_span(call);
        let input = quote!(<#task as _Task>::Input);
        let value = |generator: &mut Self, position: usize, ty: &TokenStream| {
            let goes = Goes::Argument(quote!(#task), position);
            generator.lower().place(&scope, &given[position], ty, &goes)
        };
        match given.len() {
            0 => {
                let nothing = Typed { ty: quote!(()), code: quote!(()) };
                let site = scope.site("", &Goes::Argument(quote!(#task), 0), span);
                self.lower().fit(&scope, &nothing, &input, &site, (span, span))
            }
            1 => value(self, 0, &input),
            count => {
                let argument = |generator: &mut Self, position: usize| {
                    let ty = quote!(<_Call<#task> as _Argument<#position>>::Value);
                    generator.items.alias(&ty).to_token_stream()
                };
                let values: Vec<TokenStream> = (0..count)
                    .map(|position| {
                        let ty = argument(self, position);
                        value(self, position, &ty)
                    })
                    .collect();
                let positions = 0..count;
                let state = &context.state.name.text;
                let finish = scope.unwrapped(&quote!(_finish::<#input>(object, #state)));
                quote!({
                    let mut object = _begin::<#input>();
                    #(_fill_result::<_Filled<#input, #positions>>(&mut object, "", _Ok(#values));)*
                    #finish
                })
            }
        }
    }
}

/// How a task is run.
struct Work {
    /// The alias of the task.
    task: Ident,
    /// The limits of time of an attempt.
    limits: Option<TokenStream>,
    retries: bool,
}

/// Whether the only argument is the state's input.
fn hands_on_input(context: &Context<'_>, call: &Call) -> bool {
    let whole = takes_whole(call) && template(context.state).is_none();
    whole && !reads_attempt(context.state) && !reads_context(context.state, "$$.State.EnteredTime")
}

/// Whether the state reads of its attempt: how often it was tried before, or its task token.
fn reads_attempt(state: &State<'_>) -> bool {
    reads_context(state, "$$.State.RetryCount") || reads_context(state, "$$.Task.Token")
}

/// The argument of a call without parentheses: `$`.
fn whole(call: &Call) -> Expression {
    let span = function_span(call);
    let path = ValuePath { root: Root::Input, start: span, segments: Vec::new() };
    Expression::new(ExpressionKind::Path(path), span, span)
}

fn function_span(call: &Call) -> Span {
    call.function
        .segments
        .last()
        .map_or_else(Span::call_site, |segment| segment.ident.span().into())
}
