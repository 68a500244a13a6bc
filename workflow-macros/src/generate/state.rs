//! The code of one state: from its input, through its work, to the transition that leaves it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::lower::{Goes, Lower, Scope, Source, Typed, constant, respan, variable_field};
use super::machine::{Layout, names};
use super::transition::Output;
use super::{Generator, input_type, task_type};
use crate::check::variables::reads_context;
use crate::model::{Catcher, Kind, Next, PathField, Rule, State, Target, Wait};
use crate::parse::{Call, Expression, Limit, Root, ValuePath};

/// A state while its code is generated.
pub(crate) struct Context<'s> {
    pub(super) machine: usize,
    pub(super) id: usize,
    pub(super) state: &'s State<'s>,
    pub(super) layout: &'s Layout,
    /// The expression of the state's description.
    pub(super) description: TokenStream,
    /// Whether the raw input is needed after the work.
    keeps_input: bool,
}

impl Generator<'_> {
    pub(crate) fn state(&mut self, machine: usize, id: usize, layout: &Layout) -> TokenStream {
        let workflow = self.workflow;
        let state = &workflow.machines[machine].states[id];
        self.items.begin(&state.name.text);
        let states = names::states(machine);
        let context = Context {
            machine,
            id,
            state,
            layout,
            description: quote!(&#states[#id]),
            keeps_input: keeps_input(state),
        };
        let description = &context.description;
        let machine_type = self.machine_type(machine);
        let entered_time = reads_context(state, "$$.State.EnteredTime")
            .then(|| quote!(let entered_time = engine.execution().now();));
        let visited = matches!(state.kind, Kind::Task { .. })
            || !state.retry.is_empty()
            || reads_context(state, "$$.State.RetryCount");
        let visit = visited.then(|| quote!(let mut visit = _wf::visit(engine);));
        let work = match &state.kind {
            Kind::Task { call: Some(call), timeout, heartbeat } => {
                self.task(&context, call, *timeout, *heartbeat)
            }
            Kind::Choice { rules, default } => self.choice(&context, rules, default.as_ref()),
            Kind::Parallel { branches } => self.parallel(&context, branches),
            Kind::Map { items: Some(items), selector, processor: Some(processor), concurrency } => {
                self.map(&context, items, *selector, *processor, *concurrency)
            }
            Kind::Wait(Some(wait)) => self.wait(&context, wait),
            Kind::Pass => self.pass(&context),
            Kind::Succeed => self.succeed(&context),
            Kind::Fail { error, cause } => self.fail(&context, *error, *cause),
            _ => TokenStream::new(),
        };
        quote! {
            engine.entered::<#machine_type, _>(#description, &input, &variables);
            #entered_time
            #visit
            #work
        }
    }

    pub(super) fn lower(&mut self) -> Lower<'_> {
        Lower { items: &mut self.items }
    }

    /// What expressions can name, with `$` as given.
    fn scope(&self, context: &Context<'_>, input: Source) -> Scope {
        let all = (0..self.workflow.machines.len()).flat_map(|machine| {
            self.variables.scopes[machine].own.iter().map(move |name| {
                let ty = names::variable(machine, name);
                (machine, name.clone(), quote!(#ty))
            })
        });
        let variables = all
            .filter(|(machine, name, _)| {
                self.variables.owner(self.workflow, context.machine, name) == Some(*machine)
            })
            .map(|(_, name, ty)| (name, ty))
            .collect();
        Scope {
            state: context.state.name.text.clone(),
            states_input: Some(self.raw_input(context, false)),
            input,
            item: None,
            states_result: None,
            map_item: None,
            variables,
            execution_input: quote!(_Start0),
        }
    }

    fn raw_input(&self, context: &Context<'_>, movable: bool) -> Source {
        let ty = input_type(context.machine, context.id);
        Source { ty: quote!(#ty), place: quote!(input), movable }
    }

    /// Code that computes a value in a closure, so that a failure names the state.
    pub(super) fn evaluate(context: &Context<'_>, code: &TokenStream) -> TokenStream {
        let name = &context.state.name.text;
        quote!(_wf::evaluate(#name, || _wf::Ok(#code)))
    }

    /// A value, or the end of the state's work with its error, which a catcher may take.
    fn try_work(context: &Context<'_>, value: &TokenStream) -> TokenStream {
        if !matches!(
            context.state.kind,
            Kind::Task { .. } | Kind::Parallel { .. } | Kind::Map { .. }
        ) {
            return quote!(#value?);
        }
        let work = work_label();
        quote! {
            match #value {
                _wf::Ok(value) => value,
                _wf::Err(error) => break #work _wf::Err(error),
            }
        }
    }

    /// The data that the state works on, after `input_path` and `parameters`, and the code that computes them.
    fn effective(&mut self, context: &Context<'_>, movable: bool) -> (TokenStream, Source) {
        let flow = &context.state.flow;
        let mut source = self.raw_input(context, movable && !context.keeps_input);
        let mut code = TokenStream::new();
        let mut step = |generator: &mut Self, typed: Typed, source: &mut Source| {
            let ty = generator.items.alias(&typed.ty);
            let value = Self::evaluate(context, &typed.code);
            let value = Self::try_work(context, &value);
            code.extend(quote!(let effective: #ty = #value;));
            *source = Source { ty: quote!(#ty), place: quote!(effective), movable };
        };
        match flow.input_path {
            Some(PathField { path: Some(path) }) => {
                let scope = self.scope(context, source.clone());
                let typed = self.lower().path(&scope, path);
                step(self, typed, &mut source);
            }
            Some(PathField { path: None }) => step(self, empty_object(), &mut source),
            None => {}
        }
        if let Some(parameters) =
            flow.parameters.filter(|_| !matches!(context.state.kind, Kind::Pass))
        {
            let scope = self.scope(context, once(source.clone(), &[parameters]));
            let typed = self.lower().natural(&scope, parameters);
            step(self, typed, &mut source);
        }
        (code, source)
    }

    fn task(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        timeout: Option<&Limit>,
        heartbeat: Option<&Limit>,
    ) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let (effective, source) = self.effective(context, !retries);
        let (task, ty) = (
            super::task_alias(context.machine, context.id),
            task_type(&context.state.name.text, call),
        );
        self.items.declare(&task, &quote!(#ty));
        let span = function_span(call);
        let limits = self.limits(context, &source, timeout, heartbeat);
        let arguments = self.arguments(context, call, &task, span, source);
        let description = &context.description;
        let supplied = self.supplied(context, &task, span);
        let (given, attempt) = match limits {
            None => {
                (arguments, quote!(engine.attempt::<#task>(#description, visit, #supplied, given)))
            }
            Some(limits) => (
                quote!((#limits, #arguments)),
                quote!(engine.attempt_within::<#task>(#description, visit, given.0, #supplied, given.1)),
            ),
        };
        let given = Self::evaluate(context, &given);
        let run = if retries {
            quote! {
                _wf::retry(engine, #description, &mut visit, |visit| {
                    let given = #given?;
                    _wf::Ok(#attempt)
                }).await
            }
        } else {
            quote! {{
                match #given {
                    _wf::Ok(given) => #attempt.await,
                    _wf::Err(error) => _wf::Err(error),
                }
            }}
        };
        self.end_of_work(
            context,
            &effective,
            &run,
            &quote!(<#task as ::workflow_core::Task>::Output),
        )
    }

    /// What the task needs of what the workflow is handed.
    fn supplied(&mut self, context: &Context<'_>, task: &Ident, span: Span) -> TokenStream {
        let private = quote!(_wf);
        let (state, has) = (&context.state.name.text, super::resources_text(self.workflow));
        let given = match &self.workflow.source.resources {
            Some(ty) => quote!(&'static #ty),
            None => quote!(()),
        };
        let needed = quote!(<#task as ::workflow_core::Task>::Resources);
        let check = quote! {
            #private::check::supplies::<#task>(#state, #has, #private::Has::<#given, #needed>::ANSWER)
        };
        let kind = constant(check, span, span);
        let supply = self.items.alias(&quote!(#private::Supply<#needed, #kind>));
        quote!(<#supply as #private::Supplied<'_, _>>::supply(resources))
    }

    /// The limits of time of an attempt.
    fn limits(
        &mut self,
        context: &Context<'_>,
        source: &Source,
        timeout: Option<&Limit>,
        heartbeat: Option<&Limit>,
    ) -> Option<TokenStream> {
        if timeout.is_none() && heartbeat.is_none() {
            return None;
        }
        let scope = self.scope(context, Source { movable: false, ..source.clone() });
        let [timeout, heartbeat] = [timeout, heartbeat].map(|limit| match limit {
            None => quote!(_wf::None),
            Some(limit) => {
                let duration = self.limit(&scope, limit);
                quote!(_wf::Some(#duration))
            }
        });
        Some(quote!(::workflow_core::Limits { timeout: #timeout, heartbeat: #heartbeat }))
    }

    /// The outcome of the work: its result goes on, and its error goes to the catchers.
    fn end_of_work(
        &mut self,
        context: &Context<'_>,
        before: &TokenStream,
        run: &TokenStream,
        result: &TokenStream,
    ) -> TokenStream {
        let after = self.after_work(context, result);
        let caught = self.catchers(context);
        let work = work_label();
        let outcome = if before.is_empty() { run.clone() } else { quote!(#work: { #before #run }) };
        quote! {
            let result: #result = match #outcome {
                _wf::Ok(result) => result,
                _wf::Err(error) => { #caught }
            };
            #after
        }
    }

    fn limit(&mut self, scope: &Scope, limit: &Limit) -> TokenStream {
        match limit {
            Limit::Fixed(duration) => super::definition::duration(duration.value),
            Limit::Seconds(value) => self.lower().seconds(scope, value),
        }
    }

    /// The arguments of a call, as the input of the task.
    fn arguments(
        &mut self,
        context: &Context<'_>,
        call: &Call,
        task: &Ident,
        span: Span,
        source: Source,
    ) -> TokenStream {
        let whole;
        let given: &[Expression] = match &call.arguments {
            Some(arguments) => arguments,
            None => {
                let path = ValuePath { root: Root::Input, start: span, segments: Vec::new() };
                whole = [Expression {
                    kind: crate::parse::ExpressionKind::Path(path),
                    start: span,
                    end: span,
                }];
                &whole
            }
        };
        let scope = self.scope(context, once(source, &given.iter().collect::<Vec<_>>()));
        let state = &context.state.name.text;
        let (count, bare) = (given.len(), call.arguments.is_none());
        let object = bare
            || matches!(given, [Expression { kind: crate::parse::ExpressionKind::Object(_), .. }]);
        let private = quote!(_wf);
        let check = quote!(#private::check::arguments::<#task>(#state, #count, #object));
        let several = constant(check, span, span);
        let call = self.items.alias(&quote!(#private::Call<#task, #several>));
        let value = |generator: &mut Self, position: usize| {
            let ty =
                generator.items.alias(&quote!(<#call as #private::Argument<#position>>::Value));
            let goes = Goes::Argument(quote!(#task), position);
            generator.lower().place(&scope, &given[position], &quote!(#ty), &goes)
        };
        match count {
            0 => {
                let input = quote!(<#call as #private::Argument<0>>::Value);
                let nothing = Typed { ty: quote!(()), code: quote!(()) };
                let site = quote!(#private::check::Site {
                    state: #state,
                    value: "",
                    place: #private::check::Place::Argument(<#task as ::workflow_core::Task>::NAME, <#task as ::workflow_core::Task>::ARGUMENTS, 0),
                });
                self.lower().fit(&nothing, &input, &site, span, span)
            }
            1 => value(self, 0),
            _ => {
                let input = quote!(<#call as #private::Arguments>::Input);
                let values: Vec<TokenStream> =
                    (0..count).map(|position| value(self, position)).collect();
                let positions = 0..count;
                quote!({
                    let mut slots = <#input as #private::Object>::slots();
                    #(<#input as #private::Slot<#positions>>::fill(&mut slots, "", #values);)*
                    <#input as #private::Object>::build(slots)
                })
            }
        }
    }

    /// What happens with an error of the work: the first catcher that takes it goes on, else the execution fails.
    fn catchers(&mut self, context: &Context<'_>) -> TokenStream {
        let name = &context.state.name.text;
        let description = &context.description;
        let states = names::states(context.machine);
        let mut code = TokenStream::new();
        for (position, catcher) in context.state.catch.iter().enumerate() {
            let Target::State(next) = catcher.next.target else { continue };
            let leave = self.caught(context, catcher, position);
            code.extend(quote! {
                if _wf::catches(#description, #position, &error) {
                    engine.caught(#description, &error, &#states[#next]);
                    let result: ::workflow_core::ErrorOutput = *error;
                    #leave
                }
            });
        }
        quote! {
            let error: _wf::Failed = error;
            #code
            return _wf::Err(error.in_state(#name));
        }
    }

    fn caught(
        &mut self,
        context: &Context<'_>,
        catcher: &Catcher<'_>,
        position: usize,
    ) -> TokenStream {
        let error = Source {
            ty: quote!(::workflow_core::ErrorOutput),
            place: quote!(result),
            movable: false,
        };
        let mut scope = self.scope(context, error.clone());
        scope.states_result = Some(error.clone());
        let assign = self.assign(context, &scope, &pairs(catcher.assign));
        let output = match (catcher.output, catcher.result_path) {
            (Some(output), _) => Output::expression(
                output,
                Scope { input: once(Source { movable: true, ..error }, &[output]), ..scope },
            ),
            (None, path) => {
                Output::Value(self.merged(context, &Source { movable: true, ..error }, path))
            }
        };
        let rules = match &context.state.kind {
            Kind::Choice { rules, default } => rules.len() + usize::from(default.is_some()),
            _ => 0,
        };
        let edge = usize::from(context.state.next.is_some()) + rules + position;
        let leave = self.leave(context, edge, catcher.next, output);
        self.exit(context, catcher.next.target, &leave, assign)
    }

    /// A result put into the raw input by `result_path`.
    fn merged(
        &mut self,
        context: &Context<'_>,
        result: &Source,
        path: Option<PathField<'_>>,
    ) -> Typed {
        let raw = self.raw_input(context, true);
        let place = &result.place;
        match path {
            None => Typed { ty: result.ty.clone(), code: quote!(#place) },
            Some(PathField { path: None }) => Typed { ty: raw.ty, code: quote!(input) },
            Some(PathField { path: Some(path) }) if path.segments.is_empty() => {
                Typed { ty: result.ty.clone(), code: quote!(#place) }
            }
            Some(PathField { path: Some(path) }) => {
                let scope = self.scope(context, raw.clone());
                let target = Source { ty: raw.ty.clone(), place: quote!(merged), movable: false };
                let field = self.lower().place_in(&scope, path, &target);
                let state = &context.state.name.text;
                let goes = format!("`{path}`");
                let site = quote!(_wf::check::Site {
                    state: #state,
                    value: "",
                    place: _wf::check::Place::Named(#goes),
                });
                let value = Typed { ty: result.ty.clone(), code: quote!(#place) };
                let value = self.lower().fit(&value, &field.ty, &site, path.start, path.end());
                let borrow = field.code;
                Typed {
                    ty: raw.ty,
                    code: quote!({ let mut merged = input; let value = #value; *#borrow = value; merged }),
                }
            }
        }
    }

    /// From the result of the work to the transition: `result_selector`, `assign`, `output` or `result_path`, `output_path`.
    fn after_work(&mut self, context: &Context<'_>, result: &TokenStream) -> TokenStream {
        let flow = &context.state.flow;
        let mut source = Source { ty: result.clone(), place: quote!(result), movable: false };
        let mut code = TokenStream::new();
        if let Some(selector) = flow.result_selector {
            let scope = self.after_scope(
                context,
                &once(Source { movable: true, ..source.clone() }, &[selector]),
            );
            let is_output = flow.output.is_none()
                && flow.result_path.is_none()
                && flow.output_path.is_none()
                && flow.assign.is_empty();
            if let (true, Some(next)) = (is_output, context.state.next) {
                let leave = self.leave(context, 0, next, Output::expression(selector, scope));
                return self.exit(
                    context,
                    next.target,
                    &leave,
                    (TokenStream::new(), TokenStream::new()),
                );
            }
            let typed = self.lower().natural(&scope, selector);
            let ty = self.items.alias(&typed.ty);
            let value = Self::evaluate(context, &typed.code);
            code.extend(quote!(let result: #ty = #value?;));
            source.ty = quote!(#ty);
        }
        let rest = self.finish(context, 0, source, context.state.next);
        quote!(#code #rest)
    }

    fn after_scope(&self, context: &Context<'_>, input: &Source) -> Scope {
        let mut scope = self.scope(context, input.clone());
        scope.states_result = Some(Source { movable: false, ..input.clone() });
        scope
    }

    /// `assign`, `output` or `result_path`, `output_path`, and the transition.
    fn finish(
        &mut self,
        context: &Context<'_>,
        edge: usize,
        source: Source,
        next: Option<Next>,
    ) -> TokenStream {
        let flow = &context.state.flow;
        let scope = self.after_scope(context, &source);
        let assign = self.assign(context, &scope, &pairs(flow.assign));
        let output = if let Some(output) = flow.output {
            let input = once(Source { movable: true, ..source.clone() }, &[output]);
            Output::expression(
                output,
                Scope {
                    states_result: Some(Source { movable: false, ..input.clone() }),
                    input,
                    ..scope
                },
            )
        } else {
            let merged = self.merged(context, &source, flow.result_path);
            Output::Value(self.output_path(context, merged))
        };
        let next = next.unwrap_or(Next { target: Target::End, span: context.state.name.span });
        let leave = self.leave(context, edge, next, output);
        self.exit(context, next.target, &leave, assign)
    }

    fn output_path(&mut self, context: &Context<'_>, value: Typed) -> Typed {
        match context.state.flow.output_path {
            None => value,
            Some(PathField { path: None }) => empty_object(),
            Some(PathField { path: Some(path) }) => {
                let ty = self.items.alias(&value.ty);
                let scope = self.scope(
                    context,
                    Source { ty: quote!(#ty), place: quote!(merged), movable: true },
                );
                let Typed { ty: selected, code } = self.lower().path(&scope, path);
                let before = value.code;
                Typed { ty: selected, code: quote!({ let merged: #ty = #before; #code }) }
            }
        }
    }

    /// The values of variables, and the code that stores them once all are computed.
    fn assign(
        &mut self,
        context: &Context<'_>,
        scope: &Scope,
        assign: &[(&Ident, &Expression)],
    ) -> (TokenStream, TokenStream) {
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for (position, (name, expression)) in assign.iter().enumerate() {
            let text = name.to_string();
            let ty = names::variable(context.machine, &text);
            let code = if self.definers[context.machine].defines_variable(expression) {
                let typed = self.lower().natural(scope, expression);
                let natural = &typed.ty;
                self.items.declare(&ty, &quote!(#natural));
                typed.code
            } else {
                self.lower().place(
                    scope,
                    expression,
                    &quote!(#ty),
                    &Goes::Named(format!("variable `{text}`")),
                )
            };
            let local = format_ident!("assigned{position}");
            let field = variable_field(&text);
            let value = Self::evaluate(context, &code);
            before.extend(quote!(let #local: #ty = #value?;));
            after.extend(quote!(variables.#field = _wf::Some(#local);));
        }
        (before, after)
    }

    fn pass(&mut self, context: &Context<'_>) -> TokenStream {
        let flow = &context.state.flow;
        let (effective, source) = self.effective(context, true);
        let Some(made) = flow.result.or(flow.parameters) else {
            let finish =
                self.finish(context, 0, Source { movable: false, ..source }, context.state.next);
            return quote!(#effective #finish);
        };
        let scope = self.scope(context, once(source, &[made]));
        let is_output = flow.output.is_none()
            && flow.result_path.is_none()
            && flow.output_path.is_none()
            && flow.assign.is_empty();
        if let (true, Some(next)) = (is_output, context.state.next) {
            let leave = self.leave(context, 0, next, Output::expression(made, scope));
            let exit =
                self.exit(context, next.target, &leave, (TokenStream::new(), TokenStream::new()));
            return quote!(#effective #exit);
        }
        let typed = self.lower().natural(&scope, made);
        let ty = self.items.alias(&typed.ty);
        let value = Self::evaluate(context, &typed.code);
        let source = Source { ty: quote!(#ty), place: quote!(result), movable: false };
        let finish = self.finish(context, 0, source, context.state.next);
        quote!(#effective let result: #ty = #value?; #finish)
    }

    fn succeed(&mut self, context: &Context<'_>) -> TokenStream {
        let (effective, source) = self.effective(context, true);
        let finish = self.finish(context, 0, Source { movable: false, ..source }, None);
        quote!(#effective #finish)
    }

    fn fail(
        &mut self,
        context: &Context<'_>,
        error: Option<&Expression>,
        cause: Option<&Expression>,
    ) -> TokenStream {
        let scope = self.scope(context, self.raw_input(context, false));
        let string = quote!(::std::string::String);
        let [error, cause] =
            [(error, "error"), (cause, "cause")].map(|(value, field)| match value {
                Some(value) => {
                    self.lower().place(&scope, value, &string, &Goes::Named(format!("`{field}`")))
                }
                None => quote!(::std::string::String::new()),
            });
        let name = &context.state.name.text;
        let value = Self::evaluate(context, &quote!((#error, #cause)));
        quote! {
            let (error, cause) = #value?;
            return _wf::Err(::workflow_core::ErrorOutput::new(error, cause).in_state(#name));
        }
    }

    fn wait(&mut self, context: &Context<'_>, wait: &Wait<'_>) -> TokenStream {
        let (effective, source) = self.effective(context, true);
        let scope = self.scope(context, Source { movable: false, ..source.clone() });
        let until = match wait {
            Wait::Seconds(limit) => {
                let duration = self.limit(&scope, limit);
                quote!(::workflow_core::Until::After(#duration))
            }
            Wait::Timestamp(time) => {
                let time = self.lower().timestamp(&scope, time).code;
                quote!(::workflow_core::Until::At(#time))
            }
        };
        let until = Self::evaluate(context, &until);
        let (name, description) = (&context.state.name.text, &context.description);
        let finish =
            self.finish(context, 0, Source { movable: false, ..source }, context.state.next);
        quote! {
            #effective
            let until = #until?;
            if let _wf::Err(error) = engine.wait(#description, until).await {
                return _wf::Err(error.in_state(#name));
            }
            #finish
        }
    }

    fn choice(
        &mut self,
        context: &Context<'_>,
        rules: &[Rule<'_>],
        default: Option<&Rule<'_>>,
    ) -> TokenStream {
        let (effective, source) = self.effective(context, true);
        let source = Source { movable: false, ..source };
        let mut code = effective;
        for (position, rule) in rules.iter().enumerate() {
            let Some(condition) = rule.condition else { continue };
            let scope = self.scope(context, source.clone());
            let condition = self.lower().condition(&scope, condition);
            let condition = Self::evaluate(context, &condition);
            let leave =
                self.rule(context, rule.next, rule.output, position, &source, &pairs(rule.assign));
            code.extend(quote!(if #condition? { #leave }));
        }
        if let Some(covered) =
            crate::check::choice::covered_variants(rules).filter(|_| default.is_none())
        {
            code.extend(self.total(context, &covered));
        }
        match default {
            Some(rule) => {
                let flow = &context.state.flow;
                let output = rule.output.or(flow.output);
                let assign = [pairs(rule.assign), pairs(flow.assign)].concat();
                let leave = self.rule(context, rule.next, output, rules.len(), &source, &assign);
                code.extend(leave);
            }
            None => {
                let name = &context.state.name.text;
                code.extend(quote!(return _wf::Err(_wf::no_choice_matched(#name));));
            }
        }
        code
    }

    fn rule(
        &mut self,
        context: &Context<'_>,
        next: Next,
        output: Option<&Expression>,
        transition: usize,
        source: &Source,
        assign: &[(&Ident, &Expression)],
    ) -> TokenStream {
        let scope = self.scope(context, source.clone());
        let assign = self.assign(context, &scope, assign);
        let output = match output {
            Some(output) => {
                let input = once(Source { movable: true, ..source.clone() }, &[output]);
                Output::expression(output, Scope { input, ..scope })
            }
            None => {
                let place = &source.place;
                let value = Typed { ty: source.ty.clone(), code: quote!(#place) };
                Output::Value(self.output_path(context, value))
            }
        };
        let leave = self.leave(context, transition, next, output);
        self.exit(context, next.target, &leave, assign)
    }

    /// Checks that rules over an enum cover it.
    fn total(
        &mut self,
        context: &Context<'_>,
        covered: &crate::check::choice::Covered<'_>,
    ) -> TokenStream {
        let (state, enumeration) = (&context.state.name.text, &covered.enumeration);
        let value = covered.value.to_string();
        let variants: Vec<String> = covered.variants.iter().map(ToString::to_string).collect();
        let check = quote!(_wf::check::total::<#enumeration>(#state, #value, &[#(#variants),*]));
        let span = context.state.name.span;
        let check = respan(check, span, span);
        self.items.tokens.extend(quote!(const _: () = #check;));
        TokenStream::new()
    }

    fn parallel(&mut self, context: &Context<'_>, branches: &[usize]) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let (effective, source) = self.effective(context, !retries);
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
            let input = if moves { quote!(#place) } else { quote!(_wf::clone(&#place)) };
            let branch = quote! {
                engine.branch::<#machine_type, _>(
                    #description, #position, resources, #captured, ::workflow_core::Start::<#machine_type>(#input),
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
        let join = quote!(_wf::futures_util::try_join!(#futures));
        let run = if retries {
            quote! {
                _wf::retry(engine, #description, &mut visit, |visit| {
                    #started
                    _wf::Ok(async move { #join })
                }).await
            }
        } else {
            join
        };
        let outputs = branches.iter().map(|machine| names::output(*machine));
        let result = self.items.alias(&quote!((#(#outputs,)*)));
        self.end_of_work(context, &effective, &run, &quote!(#result))
    }

    fn map(
        &mut self,
        context: &Context<'_>,
        items: &Expression,
        selector: Option<&Expression>,
        processor: usize,
        concurrency: Option<&Expression>,
    ) -> TokenStream {
        let retries = !context.state.retry.is_empty();
        let (effective, source) = self.effective(context, false);
        let description = &context.description;
        let private = quote!(_wf);
        let scope = self.scope(context, Source { movable: false, ..source.clone() });
        let Typed { ty, code } = self.lower().natural(&scope, items);
        let (state, text) = (&context.state.name.text, items.to_string());
        let check = quote!(#private::check::each::<#ty>(#private::check::At { state: #state, path: #text, base: #text }));
        let kind = constant(check, items.start, items.end);
        let each = self.items.alias(&quote!(#private::Each<#ty, #kind>));
        let item = self.items.alias(&quote!(<#each as #private::Elements>::Item));
        let list = Self::evaluate(context, &quote!(<#each as #private::Elements>::items(#code)?));
        let most = match concurrency {
            None => quote!(0),
            Some(value) => self.lower().place(
                &scope,
                value,
                &quote!(u32),
                &Goes::Named("`max_concurrency`".to_owned()),
            ),
        };
        let most = Self::evaluate(context, &most);
        let start = names::start(processor);
        let input = match selector {
            None => {
                self.items.declare(&start, &quote!(#item));
                quote!(_wf::Ok(item))
            }
            Some(selector) => {
                let map_item = Source { ty: quote!(#item), place: quote!(item), movable: false };
                let scope = Scope { map_item: Some(map_item), ..scope };
                let typed = self.lower().natural(&scope, selector);
                let ty = &typed.ty;
                self.items.declare(&start, &quote!(#ty));
                Self::evaluate(context, &typed.code)
            }
        };
        let machine = self.machine_type(processor);
        let captured = self.captured(processor);
        let run_items = quote! {
            #private::map(items, most, |index, item: #item| {
                let input: ::core::result::Result<#start, #private::Failed> = #input;
                let captured = #captured;
                async move {
                    engine.branch::<#machine, _>(#description, index, resources, captured, ::workflow_core::Start::<#machine>(input?)).await
                }
            })
        };
        let run = if retries {
            quote!(#private::retry(engine, #description, &mut visit, |visit| { let items = _wf::clone(&items); _wf::Ok(#run_items) }).await)
        } else {
            quote!(#run_items.await)
        };
        let output = names::output(processor);
        let (list, most) = (Self::try_work(context, &list), Self::try_work(context, &most));
        let before = quote! {
            #effective
            let items: ::std::vec::Vec<#item> = #list;
            let most: u32 = #most;
        };
        self.end_of_work(context, &before, &run, &quote!(::std::vec::Vec<#output>))
    }
}

/// The block of a state's work.
fn work_label() -> syn::Lifetime {
    syn::Lifetime::new("'work", Span::mixed_site())
}

/// Whether anything after the work reads the raw input.
fn keeps_input(state: &State<'_>) -> bool {
    let merges = |path: Option<PathField<'_>>| {
        path.is_some_and(|field| field.path.is_none_or(|path| !path.segments.is_empty()))
    };
    let mut reads = false;
    let flow = &state.flow;
    let mut look = |expression: &Expression| {
        expression.each_path(&mut |path| {
            reads |= matches!(&path.root, Root::Variable(name) if name == "states")
                && path.to_string().starts_with("$states.input");
        });
    };
    flow.output.into_iter().chain(flow.result_selector).for_each(&mut look);
    state.assignments().into_iter().for_each(|(_, value)| look(value));
    state.catch.iter().filter_map(|catcher| catcher.output).for_each(&mut look);
    if let Kind::Choice { rules, default } = &state.kind {
        rules.iter().chain(default).filter_map(|rule| rule.output).for_each(&mut look);
    }
    reads
        || merges(flow.result_path)
        || state.catch.iter().any(|catcher| merges(catcher.result_path))
}

fn pairs(assign: &[(Ident, Expression)]) -> Vec<(&Ident, &Expression)> {
    assign.iter().map(|(name, value)| (name, value)).collect()
}

fn function_span(call: &Call) -> Span {
    call.function.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span())
}

/// A source that is moved where its only reader is one path of these expressions.
fn once(source: Source, expressions: &[&Expression]) -> Source {
    let mut count = 0;
    for expression in expressions {
        expression.each_path(&mut |path| {
            let other = matches!(&path.root, Root::Variable(name) if name != "states")
                || matches!(path.root, Root::Context);
            count += if matches!(path.root, Root::Item) { 2 } else { usize::from(!other) };
        });
    }
    Source { movable: source.movable && count == 1, ..source }
}

fn empty_object() -> Typed {
    Typed {
        ty: quote!(::workflow_core::Json),
        code: quote!(<::workflow_core::Json as _wf::Object>::build(
            <::workflow_core::Json as _wf::Object>::slots()
        )),
    }
}
