//! The code of one state: from its input, through its work, to the transition that leaves it.
//!
//! What each kind of state does has a file of its own under `state/`; `state/flow.rs` is what comes after the work.

mod catchers;
mod choice;
mod fail;
pub(super) mod flow;
mod map;
mod parallel;
mod pass;
mod task;
mod wait;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

use super::lower::{Lower, Scope, Source, Typed};
use super::machine::{Layout, names};
use super::{Generator, input_type};
use workflow_syntax::check::variables::reads_context;
use workflow_syntax::model::{Kind, PathField, State};
use workflow_syntax::parse::{Call, Expression, ExpressionKind, Limit, Name, Root};

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
        if let Kind::Task { call: Some(call), timeout, heartbeat, .. } = &state.kind {
            return self.task(&context, call, *timeout, *heartbeat);
        }
        let enter = self.enter(&context);
        let visit =
            (!state.retry.is_empty() || reads_context(state, "$$.State.RetryCount")).then(|| {
                let visit = self.visit(&context);
                quote!(let mut visit = #visit;)
            });
        let work = match &state.kind {
            Kind::Choice { rules, default } => self.choice(&context, rules, default.as_ref()),
            Kind::Parallel { branches } => self.parallel(&context, branches),
            Kind::Map {
                items: Some(items),
                selector,
                processor: Some(processor),
                concurrency,
                distributed,
            } => {
                let limits = (*concurrency, *distributed);
                self.map(&context, items, *selector, *processor, limits)
            }
            Kind::Wait(Some(wait)) => self.wait(&context, wait),
            Kind::Pass => self.pass(&context),
            Kind::Succeed => self.succeed(&context),
            Kind::Fail { error, cause } => self.fail(&context, *error, *cause),
            _ => TokenStream::new(),
        };
        quote!(#enter #visit #work)
    }

    /// The code that enters the state.
    fn enter(&self, context: &Context<'_>) -> TokenStream {
        let (machine, id) = (self.machine_type(context.machine), context.id);
        let entered_time = reads_context(context.state, "$$.State.EnteredTime")
            .then(|| quote!(let entered_time = engine.entered_time();));
        quote!(_enter::<#machine, _, _>(engine, #id, &input, &variables); #entered_time)
    }

    /// The code that begins a visit to the state.
    fn visit(&self, context: &Context<'_>) -> TokenStream {
        let (machine, id) = (self.machine_type(context.machine), context.id);
        quote!(_visit::<#machine, _>(engine, #id))
    }

    pub(super) fn lower(&mut self) -> Lower<'_> {
        let is_asl = self.is_asl();
        Lower { items: &mut self.items, is_asl }
    }

    /// What expressions can name, with `$` as given.
    pub(super) fn scope(&self, context: &Context<'_>, input: Source) -> Scope {
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
            file: self.workflow.source.file.as_ref().map(|file| file.name.clone()),
            states_input: Some(self.raw_input(context, false)),
            input,
            item: None,
            states_result: None,
            map_item: None,
            variables,
            execution_input: quote!(_Start0),
            field: None,
            awaits: context.state.kind.awaits(),
            is_retried: matches!(
                context.state.kind,
                Kind::Task { .. } | Kind::Parallel { .. } | Kind::Map { .. }
            ),
        }
    }

    pub(super) fn raw_input(&self, context: &Context<'_>, movable: bool) -> Source {
        let ty = input_type(context.machine, context.id);
        Source { ty: quote!(#ty), place: quote!(input), movable }
    }

    /// A run and its result as AWS has it: in a definition of ASL, `Json` where nothing in the result has a type.
    pub(super) fn untyped_result(
        &mut self,
        run: TokenStream,
        ty: TokenStream,
        inner: &[TokenStream],
    ) -> (TokenStream, TokenStream) {
        if !self.is_asl() {
            return (run, ty);
        }
        let joined = quote!({ _check_untyped(&[#(<#inner as _Data>::TYPE),*]) });
        let alias = self.items.alias(&quote!(<#ty as _Joined<#joined>>::Type));
        (quote!(#run.and_then(<#ty as _Joined<#joined>>::join)), quote!(#alias))
    }

    /// Code that computes a value as a `Result`, whose error a catcher may take.
    fn caught_value(context: &Context<'_>, code: &TokenStream) -> TokenStream {
        if context.state.catch.is_empty() {
            return quote!(_Ok(#code));
        }
        quote!(_evaluate(|| _Ok(#code)))
    }

    /// A value, or the end of the state's work with its error, which a catcher may take.
    fn try_work(context: &Context<'_>, code: &TokenStream) -> TokenStream {
        if context.state.catch.is_empty() {
            return code.clone();
        }
        let work = work_label();
        quote! {
            match _evaluate(|| _Ok(#code)) {
                _Ok(value) => value,
                _Err(error) => break #work _Err(error),
            }
        }
    }

    /// The data that the state works on, after `input_path` and `parameters`, and the code that computes them.
    fn effective(&mut self, context: &Context<'_>, movable: bool) -> Effective {
        let flow = &context.state.flow;
        let raw = self.raw_input(context, movable && !context.keeps_input);
        let mut code = TokenStream::new();
        let mut step = |generator: &mut Self, typed: Typed, name: &str| {
            let (ty, name) = (generator.items.alias(&typed.ty), format_ident!("{name}"));
            let value = Self::try_work(context, &typed.code);
            code.extend(quote!(let #name: #ty = #value;));
            Source { ty: quote!(#ty), place: quote!(#name), movable }
        };
        let selected = match flow.input_path {
            Some(PathField { path: Some(path) }) => {
                let scope = self.scope(context, raw);
                let typed = self.lower().path(&scope, path);
                step(self, typed, "selected")
            }
            Some(PathField { path: None }) => step(self, empty_object(), "selected"),
            None => raw,
        };
        let is_own = matches!(context.state.kind, Kind::Pass) || template(context.state).is_some();
        let source = match flow.parameters {
            Some(_) if is_own => {
                let movable = selected.movable && !reads_selected(context.state);
                Source { movable, ..selected.clone() }
            }
            None => selected.clone(),
            Some(parameters) => {
                let movable = selected.movable && !reads_selected(context.state);
                let given = Source { movable, ..selected.clone() };
                let scope = self.scope(context, once(given, &[parameters]));
                let typed = self.lower().natural(&scope, parameters);
                step(self, typed, "effective")
            }
        };
        Effective { code, source, selected: Source { movable: false, ..selected } }
    }
}

/// The data that a state works on.
struct Effective {
    /// The code that computes them.
    code: TokenStream,
    source: Source,
    /// What `parameters` are made of: the input after `input_path`.
    selected: Source,
}

/// The `parameters` of a task that is called with all of them, where they are an object: the argument of the task, so that each field is
/// held to be what the task takes.
fn template<'a>(state: &State<'a>) -> Option<&'a Expression> {
    let Kind::Task { call: Some(call), .. } = &state.kind else { return None };
    let is_object = |value: &&Expression| matches!(value.kind, ExpressionKind::Object(_));
    let is_whole = call.integration.is_none() && takes_whole(call);
    state.flow.parameters.filter(|value| is_whole && is_object(value))
}

/// Whether a call is `f` or `f($)`.
fn takes_whole(call: &Call) -> bool {
    let is_input = |given: &[Expression]| matches!(given, [argument] if argument.is_input());
    call.arguments.as_deref().is_none_or(is_input)
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
        || flow.parameters.is_some() && reads_selected(state)
        || merges(flow.result_path)
        || state.catch.iter().any(|catcher| merges(catcher.result_path))
}

/// Whether a state's limits of time, or what only a service reads, look into what `parameters` are made of.
fn reads_selected(state: &State<'_>) -> bool {
    let is_path = |limit: Option<&Limit>| matches!(limit, Some(Limit::Seconds(_)));
    match &state.kind {
        Kind::Task { call, timeout, heartbeat, .. } => {
            let reads = call.is_some_and(|call| call.service.values().next().is_some());
            reads || is_path(*timeout) || is_path(*heartbeat)
        }
        _ => false,
    }
}

fn pairs(assign: &[(Name, Expression)]) -> Vec<(&Name, &Expression)> {
    assign.iter().map(|(name, value)| (name, value)).collect()
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
    Typed { ty: quote!(_Json), code: quote!(_Json::Object(_Default::default())) }
}

/// Says that a state begins so many branches or items. They are made after that.
pub(super) fn forked(description: &TokenStream, count: &TokenStream) -> TokenStream {
    quote!(engine.forked(#description, #count);)
}

/// Runs the branches or items of a state, and says how they have ended.
pub(super) fn joined(description: &TokenStream, run: &TokenStream) -> TokenStream {
    quote!(
        let joined = #run;
        engine.joined(#description, _failure(&joined));
        joined
    )
}
