//! How a source becomes the model: names are resolved, and the fields of each state are sorted out. What cannot be is reported.

use std::fmt::Arguments;

use proc_macro2::Ident;

use super::fields::{Fields, KINDS, allowed, listed};
use super::{Catcher, Flow, Machine, Next, State, Target, Workflow};
use crate::diagnostics::Diagnostics;
use crate::parse::{self, Field, Name, RetryItem, Value};
use crate::span::Span;

impl<'a> Workflow<'a> {
    /// Resolves the names of a source. What cannot be resolved is reported and left out.
    pub fn resolve(source: &'a parse::Workflow, diagnostics: &mut Diagnostics) -> Self {
        let mut resolver =
            Resolver { source, machines: Vec::new(), around: Vec::new(), diagnostics };
        let start = source.start_at.as_ref();
        resolver.machine(
            None,
            format!("workflow `{}`", source.name),
            source.name.span().into(),
            &source.states,
            start,
        );
        Self { source, machines: resolver.machines }
    }
}

pub(super) struct Resolver<'a, 'd> {
    pub(super) source: &'a parse::Workflow,
    pub(super) machines: Vec<Machine<'a>>,
    /// The states of the machine that is being resolved, and of those around it.
    around: Vec<&'a [parse::State]>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    pub(super) fn machine(
        &mut self,
        parent: Option<(usize, usize)>,
        label: String,
        span: Span,
        states: &'a [parse::State],
        start: Option<&Name>,
    ) -> usize {
        let id = self.machines.len();
        self.around.push(states);
        let machine = Machine { comment: None, parent, label, span, start: 0, states: Vec::new() };
        self.machines.push(machine);
        if let Some(start) = start {
            let next = self.target(start, states);
            if let Target::State(state) = next.target {
                self.machines[id].start = state;
            }
        }
        for (position, state) in states.iter().enumerate() {
            let resolved = self.state(id, position, state, states);
            self.machines[id].states.push(resolved);
        }
        self.around.pop();
        id
    }

    fn state(
        &mut self,
        machine: usize,
        position: usize,
        source: &'a parse::State,
        siblings: &'a [parse::State],
    ) -> State<'a> {
        let kind = source.kind.to_string();
        let known = KINDS.contains(&kind.as_str());
        if !known {
            let error = self
                .diagnostics
                .error(source.kind.span, format_args!("unknown kind of state `{kind}`"));
            error
                .note("a state is a Task, Choice, Parallel, Map, Wait, Pass, Succeed or Fail")
                .suggest("a kind", &kind, KINDS);
        }
        let fields = Fields { fields: &source.fields };
        // What a definition of ASL may have is said where it is read.
        if known && self.source.notation == parse::Notation::Native {
            self.only_allowed(source, &kind);
        }
        if known && source.complete {
            self.next_or_end(source, &kind);
        }
        let flow = self.flow(source, fields);
        let next = self.next(fields, siblings);
        State {
            name: &source.name,
            complete: source.complete,
            comment: source.comment.as_deref().or_else(|| fields.text("comment")),
            flow,
            next,
            retry: self.retry(fields),
            catch: self.catch(fields, siblings),
            kind: self.kind(&kind, machine, position, source, siblings),
        }
    }

    fn only_allowed(&mut self, source: &parse::State, kind: &str) {
        for field in &source.fields {
            let name = field.name.to_string();
            if allowed(kind).contains(&name.as_str()) {
                continue;
            }
            let article =
                if kind == "Choice" { "its rules say where it goes" } else { "remove it" };
            let error = self.diagnostics.error(
                field.name.span,
                format_args!("state `{}`: a {kind} state has no field `{name}`", source.name.text),
            );
            match name.as_str() {
                "next" | "end" => error.help(if kind == "Choice" {
                    article
                } else {
                    "remove it: the execution ends here"
                }),
                "parameters" if kind == "Map" => {
                    error.help("write `item_selector`, which makes the input of each item")
                }
                "timeout" => {
                    error.help("set the `timeout` of the Task states inside, or of the workflow")
                }
                _ => error.help(format_args!("its fields are {}", listed(&allowed(kind)))),
            };
        }
    }

    /// `next` or `end`, not both and not neither, for the kinds of state that have them.
    fn next_or_end(&mut self, source: &parse::State, kind: &str) {
        if !allowed(kind).contains(&"next") {
            return;
        }
        let find = |name: &str| source.fields.iter().find(|field| field.name == name);
        match (find("next"), find("end")) {
            (Some(_), Some(end)) => {
                self.diagnostics
                    .error(
                        end.name.span,
                        format_args!("state `{}` has both `next` and `end`", source.name.text),
                    )
                    .help("remove one of them");
            }
            (None, None) => {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!("state `{}` has neither `next` nor `end`", source.name.text),
                    )
                    .help("add `next: ...` with the state that follows, or `end`");
            }
            _ => {}
        }
    }

    fn flow(&mut self, source: &parse::State, fields: Fields<'a>) -> Flow<'a> {
        let flow = Flow {
            input_path: fields.path("input_path"),
            parameters: fields.expression("parameters"),
            result: fields.expression("result"),
            result_selector: fields.expression("result_selector"),
            result_path: fields.path("result_path"),
            output_path: fields.path("output_path"),
            output: fields.expression("output"),
            assign: fields.assign(),
        };
        if flow.output.is_some() {
            for other in ["result_path", "output_path"] {
                if let Some(field) = source.fields.iter().find(|field| field.name == other) {
                    self.diagnostics
                        .error(
                            field.name.span,
                            format_args!(
                                "state `{}`: `output` and `{other}` both say what leaves the state",
                                source.name.text
                            ),
                        )
                        .help("remove one of them");
                }
            }
        }
        // AWS takes both, and the result is what goes on.
        let is_native = self.source.notation == parse::Notation::Native;
        if let (true, Some(_), Some(field)) =
            (is_native, flow.result, source.fields.iter().find(|field| field.name == "parameters"))
        {
            self.diagnostics
                .error(
                    field.name.span,
                    format_args!(
                        "state `{}`: `result` and `parameters` both say what the state makes",
                        source.name.text
                    ),
                )
                .help("remove one of them");
        }
        flow
    }

    pub(super) fn next(
        &mut self,
        fields: Fields<'a>,
        siblings: &'a [parse::State],
    ) -> Option<Next> {
        if let Some(Value::Name(name)) = fields.get("next").map(|field| &field.value) {
            return Some(self.target(name, siblings));
        }
        if let Some(field) = fields.get("next") {
            return Some(Next::to(Target::Unknown, field.name.span));
        }
        fields.get("end").map(|field| Next::to(Target::End, field.name.span))
    }

    /// Where a rule or a catcher goes on, which has to say so: it cannot end the machine.
    pub(super) fn goes_on(
        &mut self,
        what: Arguments<'_>,
        span: Span,
        fields: Fields<'a>,
        siblings: &'a [parse::State],
    ) -> Next {
        let next = self.next(fields, siblings).filter(|next| next.target != Target::End);
        // What a definition of ASL lacks is said where it is read.
        let is_native = self.source.notation == parse::Notation::Native;
        if is_native && next.is_none() && fields.get("end").is_none() {
            self.diagnostics
                .error(span, format_args!("{what} has no `next`"))
                .help("add `next: ...` with the state that goes on");
        }
        next.unwrap_or(Next::to(Target::Unknown, span))
    }

    /// Reports the fields that a rule or a catcher does not have.
    pub(super) fn only(&mut self, what: Arguments<'_>, fields: Fields<'_>, allowed: &[&str]) {
        for Field { name, .. } in fields.fields {
            if !allowed.iter().any(|allowed| name == allowed) {
                self.diagnostics
                    .error(name.span, format_args!("{what} has no field `{name}`"))
                    .help(format_args!("its fields are {}", listed(allowed)));
            }
        }
    }

    /// Finds the state that a transition names, in the machine that the transition is in.
    fn target(&mut self, name: &Name, siblings: &[parse::State]) -> Next {
        let found = siblings.iter().position(|state| state.name.text == name.text);
        let meant = found.or_else(|| self.unknown_target(name, siblings));
        Next {
            target: meant.map_or(Target::Unknown, Target::State),
            span: name.span,
            is_guessed: found.is_none(),
        }
    }

    /// Reports a target that is not in the machine, and returns the state that it most likely means.
    fn unknown_target(&mut self, name: &Name, siblings: &[parse::State]) -> Option<usize> {
        let note = "the states of a branch and of an item processor can only reach each other";
        if self.around.iter().any(|states| states.iter().any(|state| state.name.text == name.text))
        {
            self.diagnostics
                .error(name.span, format_args!("the transition to `{}` leaves its branch", name.text))
                .note(note)
                .help("end the branch with `end`, and write the transition in the state that the branch belongs to");
            return None;
        }
        if contains(&self.source.states, &name.text) {
            self.diagnostics
                .error(name.span, format_args!("the transition to `{}` enters a branch", name.text))
                .note(note)
                .help("go to the state that the branch belongs to");
            return None;
        }
        let names = siblings.iter().map(|state| state.name.text.as_str());
        let error =
            self.diagnostics.error(name.span, format_args!("unknown state `{}`", name.text));
        error.suggest("a state", &name.text, names.clone());
        error.code_in(self.source.notation, "MISSING_TRANSITION_TARGET");
        let near = crate::diagnostics::nearest(&name.text, names)?;
        siblings.iter().position(|state| state.name.text == near)
    }

    fn retry(&mut self, fields: Fields<'a>) -> Vec<&'a parse::Retrier> {
        let Some(Value::Retry(items)) = fields.get("retry").map(|field| &field.value) else {
            return Vec::new();
        };
        let mut retriers = Vec::new();
        for (position, item) in items.iter().enumerate() {
            match item {
                RetryItem::Retrier(retrier) => retriers.push(&**retrier),
                RetryItem::Policy(name) if is_named(&items[..position], name) => {
                    let message = format_args!("retry policy `{name}` is there already");
                    self.diagnostics.error(name.span(), message).help("remove it here");
                }
                RetryItem::Policy(name) => {
                    match self.source.policies.iter().find(|policy| policy.name == *name) {
                        Some(policy) => retriers.extend(&policy.retriers),
                        None => {
                            let names: Vec<String> = self
                                .source
                                .policies
                                .iter()
                                .map(|policy| policy.name.to_string())
                                .collect();
                            let error = self
                                .diagnostics
                                .error(name.span(), format_args!("unknown retry policy `{name}`"));
                            match names.is_empty() {
                            true => error.help(format_args!("declare it after the head of the workflow: `retry {name} = {{ ... }};`")),
                            false => error.suggest("a policy", &name.to_string(), names.iter().map(String::as_str)),
                        };
                        }
                    }
                }
            }
        }
        retriers
    }

    fn catch(&mut self, fields: Fields<'a>, siblings: &'a [parse::State]) -> Vec<Catcher<'a>> {
        let Some(Value::Catch(catchers)) = fields.get("catch").map(|field| &field.value) else {
            return Vec::new();
        };
        catchers.iter().map(|catcher| self.catcher(catcher, siblings)).collect()
    }

    fn catcher(&mut self, source: &'a parse::Catcher, siblings: &'a [parse::State]) -> Catcher<'a> {
        const FIELDS: [&str; 6] =
            ["error_equals", "next", "result_path", "output", "assign", "comment"];
        let fields = Fields { fields: &source.fields };
        self.only(format_args!("a catcher"), fields, &FIELDS);
        if let (Some(_), Some(field)) = (fields.get("output"), fields.get("result_path")) {
            self.diagnostics
                .error(
                    field.name.span,
                    "`output` and `result_path` both say what leaves the catcher",
                )
                .help("remove one of them");
        }
        let next = self.goes_on(format_args!("this catcher"), source.span, fields, siblings);
        Catcher {
            comment: fields.text("comment"),
            span: source.span,
            error_equals: source.error_equals.as_deref(),
            next,
            result_path: fields.path("result_path"),
            output: fields.expression("output"),
            assign: fields.assign(),
        }
    }
}

/// Whether any state of these or inside of these has a name.
fn contains(states: &[parse::State], name: &str) -> bool {
    states.iter().any(|state| {
        state.name.text == name
            || state.fields.iter().any(|field| match &field.value {
                Value::Branches(branches) => {
                    branches.iter().any(|branch| contains(&branch.states, name))
                }
                Value::States(machine) => contains(&machine.states, name),
                _ => false,
            })
    })
}

/// Whether a policy is among what a state is retried by.
fn is_named(items: &[RetryItem], name: &Ident) -> bool {
    items.iter().any(|item| matches!(item, RetryItem::Policy(other) if other == name))
}
