//! What ASL cannot express of a workflow: it is listed beside the definition, and is an error where the workflow is declared
//! to be exported.
//!
//! How all else becomes ASL is in `workflow_core::asl`.

use std::fmt::Display;
use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::model::{Kind, PathField, State, Wait, Workflow};
use crate::parse::expression::{Operator, in_type, is_tuple, variant_of};
use crate::parse::{
    Call, Expression, ExpressionKind, Limit, Literal, Notation, Retrier, Root, Spanned, ValuePath,
};
use crate::span::Span;

/// Something that ASL cannot express.
pub struct Inexpressible {
    pub state: String,
    pub what: String,
    pub span: Span,
    pub help: &'static str,
}

/// Lists what ASL cannot express of a workflow; nothing of one that is a definition of ASL.
pub fn inexpressible(workflow: &Workflow<'_>) -> Vec<Inexpressible> {
    if workflow.source.notation == Notation::Asl {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(timeout) = &workflow.source.timeout {
        let mut finder = Finder { state: String::new(), found: &mut found };
        finder.whole_seconds("timeout", timeout);
    }
    for (_, state) in workflow.each_state() {
        Finder { state: state.name.text.clone(), found: &mut found }.state(state);
    }
    found
}

/// Lists what ASL cannot express of a Task state where what it calls is a workflow. On AWS that is an execution of its own: its
/// output comes in an envelope, and it fails with `States.TaskFailed`.
pub fn inexpressible_of_execution(state: &State<'_>) -> Vec<Inexpressible> {
    let mut found = Vec::new();
    if let Kind::Task { call: Some(Call { integration: None, .. }), .. } = &state.kind {
        Finder { state: state.name.text.clone(), found: &mut found }.execution(state);
    }
    found
}

/// Reports what ASL cannot express, where the workflow is declared to be exported.
pub(crate) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    if !workflow.source.is_exported {
        return;
    }
    for Inexpressible { state, what, span, help } in inexpressible(workflow) {
        let place = if state.is_empty() { String::new() } else { format!("state `{state}`: ") };
        let error = diagnostics.error(span, format_args!("{place}ASL cannot express {what}"));
        error.note("the workflow is declared with `export: asl`");
        if !help.is_empty() {
            error.help(help);
        }
    }
}

const OBJECT: &str = "write an object, as in `{ \"value\": ... }`";
const TASK: &str = "have a task compute it";

struct Finder<'f> {
    state: String,
    found: &'f mut Vec<Inexpressible>,
}

impl Finder<'_> {
    fn say(&mut self, span: Span, what: impl Display, help: &'static str) {
        let (state, what) = (self.state.clone(), what.to_string());
        self.found.push(Inexpressible { state, what, span, help });
    }

    fn state(&mut self, state: &State<'_>) {
        let flow = &state.flow;
        for path in [flow.input_path, flow.result_path, flow.output_path].into_iter().flatten() {
            self.path_field(path);
        }
        if let Some(parameters) = flow.parameters {
            self.object("parameters", parameters);
        }
        if let Some(selector) = flow.result_selector {
            self.object("result_selector", selector);
        }
        if let Some(result) = flow.result {
            self.value(result);
        }
        if let Some(output) = flow.output {
            self.output(state, output);
        }
        flow.assign.iter().for_each(|(_, value)| self.value(value));
        self.kind(state);
        state.retry.iter().for_each(|retrier| self.retrier(retrier));
        for catcher in &state.catch {
            if let Some(output) = catcher.output {
                self.say(
                    output.start,
                    "`output` of a catcher",
                    "write `result_path`, and make the output in a Pass state",
                );
            }
            catcher.assign.iter().for_each(|(_, value)| self.value(value));
        }
    }

    fn kind(&mut self, state: &State<'_>) {
        match &state.kind {
            Kind::Task { call, timeout, heartbeat, .. } => {
                call.iter().for_each(|call| self.call(state, call));
                for (field, limit) in [("timeout", timeout), ("heartbeat", heartbeat)] {
                    limit.iter().for_each(|limit| self.limit(field, limit));
                }
            }
            Kind::Choice { rules, default } => {
                for rule in rules.iter().chain(default) {
                    rule.condition.iter().for_each(|condition| self.condition(condition));
                    if let Some(output) = rule.output {
                        self.say(
                            output.start,
                            "`output` of a rule",
                            "make it in a Pass state that the rule leads to",
                        );
                    }
                    rule.assign.iter().for_each(|(_, value)| self.value(value));
                }
            }
            Kind::Map { items, selector, concurrency, .. } => {
                items.iter().for_each(|items| self.only_a_path("items", items));
                selector.iter().for_each(|selector| self.object("item_selector", selector));
                concurrency.iter().for_each(|most| self.number("max_concurrency", most));
            }
            Kind::Wait(Some(Wait::Seconds(limit))) => self.limit("seconds", limit),
            Kind::Wait(Some(Wait::Timestamp(time))) => self.number("timestamp", time),
            Kind::Fail { error, cause } => {
                error.iter().chain(cause).for_each(|value| self.value(value))
            }
            _ => {}
        }
    }

    /// The input of a function that is the resource itself is a path or an object; through Lambda it is anything.
    fn call(&mut self, state: &State<'_>, call: &Call) {
        let Some(arguments) = &call.arguments else { return };
        arguments.iter().for_each(|argument| self.value(argument));
        let changes = arguments.iter().any(|argument| !argument.is_input());
        if let (true, Some(parameters)) = (changes, state.flow.parameters) {
            self.say(
                parameters.start,
                "`parameters` beside arguments",
                "write all of it in the arguments",
            );
        }
        let [argument] = arguments.as_slice() else { return };
        // What waits for its token is called through Lambda.
        if call.integration.is_none()
            && !state.kind.awaits()
            && !is_path(argument)
            && !is_object(argument)
        {
            let what = format_args!("`{argument}` as the input of a function");
            self.say(
                argument.start,
                what,
                "call it through `lambda::invoke`, or hand it an object",
            );
        }
    }

    fn execution(&mut self, state: &State<'_>) {
        let flow = &state.flow;
        if let (Some(PathField { path: Some(path) }), None) =
            (flow.result_path, flow.result_selector)
            && !path.segments.is_empty()
        {
            let what = format_args!("`result_path: {path}` for the output of a workflow");
            self.say(path.start, what, "select what goes there with `result_selector`");
        }
        let retried = state.retry.iter().filter_map(|retrier| retrier.error_equals.as_deref());
        let caught = state.catch.iter().filter_map(|catcher| catcher.error_equals);
        for error in retried.chain(caught).flatten() {
            if !error.text().is_some_and(|name| name.starts_with("States.")) {
                let what = format_args!("the error `{error}` of a workflow");
                self.say(
                    error.span(),
                    what,
                    "name \"States.TaskFailed\", with which every workflow fails there",
                );
            }
        }
    }

    fn output(&mut self, state: &State<'_>, output: &Expression) {
        let known = self.found.len();
        self.value(output);
        if self.found.len() > known {
            return;
        }
        let right = is_path(output)
            || match state.kind {
                Kind::Pass => {
                    is_object(output) && state.flow.parameters.is_none() || is_constant(output)
                }
                Kind::Task { .. } | Kind::Parallel { .. } | Kind::Map { .. } => {
                    is_object(output) && state.flow.result_selector.is_none()
                }
                _ => false,
            };
        if !right {
            let what = format_args!("`output: {output}` of a {} state", state.kind.name());
            let help = match state.kind {
                Kind::Choice { .. } | Kind::Wait(_) | Kind::Succeed => "make it in a Pass state",
                _ => OBJECT,
            };
            self.say(output.start, what, help);
        }
    }

    fn path_field(&mut self, field: PathField<'_>) {
        field.path.iter().for_each(|path| self.path(path));
    }

    /// `$states.input` has no counterpart in the JSONPath query language.
    fn path(&mut self, path: &ValuePath) {
        if matches!(&path.root, Root::Variable(name) if name == "states")
            && path.to_string().starts_with("$states.input")
        {
            self.say(path.start, format_args!("`{path}`"), "keep it in a variable by `assign`");
        }
    }

    fn object(&mut self, field: &str, value: &Expression) {
        self.value(value);
        if !is_object(value) {
            self.say(value.start, format_args!("`{field}: {value}`"), OBJECT);
        }
    }

    fn only_a_path(&mut self, field: &str, value: &Expression) {
        self.value(value);
        if !is_path(value) {
            self.say(
                value.start,
                format_args!("`{field}: {value}`"),
                "make it in a state before, and write a path",
            );
        }
    }

    /// A field with a constant, or with a path.
    fn number(&mut self, field: &str, value: &Expression) {
        let inner = timestamp_of(value);
        if !matches!(inner.kind, ExpressionKind::Literal(_)) {
            self.only_a_path(field, inner);
        }
    }

    fn limit(&mut self, field: &str, limit: &Limit) {
        match limit {
            Limit::Fixed(duration) => self.whole_seconds(field, duration),
            Limit::Seconds(value) => self.number(field, value),
        }
    }

    fn whole_seconds(&mut self, field: &str, duration: &Spanned<Duration>) {
        if duration.value.subsec_nanos() > 0 {
            let what = format_args!("`{field}` of {:?}", duration.value);
            self.say(duration.span, what, "write whole seconds");
        }
    }

    fn retrier(&mut self, retrier: &Retrier) {
        let limits = [("interval", &retrier.interval), ("max_delay", &retrier.max_delay)];
        for (field, duration) in limits {
            duration.iter().for_each(|duration| self.whole_seconds(field, duration));
        }
    }

    /// A value of a template.
    fn value(&mut self, value: &Expression) {
        match &value.kind {
            ExpressionKind::Literal(_) => {}
            ExpressionKind::Path(path) => self.path(path),
            ExpressionKind::Object(fields) => {
                fields.iter().for_each(|(_, value)| self.value(value))
            }
            ExpressionKind::Struct(path, fields) => {
                if in_type(path).is_some() {
                    self.say(value.start, format_args!("`{value}`"), "write it as an object");
                }
                fields.iter().for_each(|(_, value)| self.value(value));
            }
            ExpressionKind::Array(items) => items.iter().for_each(|item| self.value(item)),
            ExpressionKind::Some(inner) => self.value(inner),
            ExpressionKind::Call(name, _) if is_test(&name.text) => {
                self.say(
                    value.start,
                    format_args!("`{value}` as a value"),
                    "ask it in a Choice state",
                );
            }
            ExpressionKind::Call(_, arguments) => {
                arguments.iter().for_each(|argument| self.argument(argument))
            }
            ExpressionKind::Constant(path) if variant_of(path).is_some() => {}
            ExpressionKind::Constant(_) => {
                self.say(
                    value.start,
                    format_args!("the Rust constant `{value}`"),
                    "write its value",
                );
            }
            ExpressionKind::Not(_) | ExpressionKind::Compare(..) => {
                self.say(
                    value.start,
                    format_args!("`{value}` as a value"),
                    "ask it in a Choice state",
                );
            }
            ExpressionKind::Binary(_, operator, _)
                if operator.is_comparison() || operator.is_logical() =>
            {
                self.say(
                    value.start,
                    format_args!("`{value}` as a value"),
                    "ask it in a Choice state",
                );
            }
            ExpressionKind::Negative(_) | ExpressionKind::Binary(..) => {
                self.say(
                    value.start,
                    format_args!("`{value}`"),
                    "add integers with `math_add`, or have a task compute it",
                );
            }
        }
    }

    /// An argument of an intrinsic function: no array and no object.
    fn argument(&mut self, argument: &Expression) {
        if is_object(argument) || matches!(argument.kind, ExpressionKind::Array(_)) {
            let what = format_args!("`{argument}` as an argument of a function");
            self.say(argument.start, what, "keep it in a variable by `assign`");
        } else {
            self.value(argument);
        }
    }

    fn condition(&mut self, condition: &Expression) {
        match &condition.kind {
            ExpressionKind::Path(path) => self.path(path),
            ExpressionKind::Not(operand) => self.condition(operand),
            ExpressionKind::Binary(left, operator, right) if operator.is_logical() => {
                self.condition(left);
                self.condition(right);
            }
            ExpressionKind::Binary(left, operator, right) if operator.is_comparison() => {
                self.comparison(left, *operator, right);
            }
            ExpressionKind::Call(name, arguments) if is_test(&name.text) => {
                arguments.iter().take(1).for_each(|argument| self.side(argument));
            }
            _ => self.say(condition.start, format_args!("the condition `{condition}`"), TASK),
        }
    }

    fn comparison(&mut self, left: &Expression, operator: Operator, right: &Expression) {
        let orders = !matches!(operator, Operator::Equal | Operator::NotEqual);
        let null = |side: &Expression| matches!(side.kind, ExpressionKind::Literal(Literal::Null));
        if is_constant(left) && is_constant(right) || orders && (null(left) || null(right)) {
            self.say(left.start, format_args!("`{left} {} {right}`", operator.symbol()), "");
            return;
        }
        self.side(left);
        self.side(right);
    }

    /// A side of a comparison: a path or a constant.
    fn side(&mut self, side: &Expression) {
        let inner = timestamp_of(side);
        let is_constant = matches!(inner.kind, ExpressionKind::Constant(_));
        if is_path(inner) || is_scalar(inner) || is_constant {
            self.value(inner);
        } else {
            let what = format_args!("`{side}` in a condition");
            self.say(side.start, what, "keep it in a variable by `assign` in a state before");
        }
    }
}

fn is_test(name: &str) -> bool {
    name.starts_with("is_") || name == "string_matches"
}

fn is_path(value: &Expression) -> bool {
    matches!(value.kind, ExpressionKind::Path(_))
}

/// Whether a value is an object that ASL writes as a template.
fn is_object(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Object(_) => true,
        ExpressionKind::Struct(path, fields) => in_type(path).is_none() && !is_tuple(fields),
        _ => false,
    }
}

/// Whether nothing in a value is computed.
fn is_constant(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Object(fields) => fields.iter().all(|(_, value)| is_constant(value)),
        ExpressionKind::Struct(_, fields) => fields.iter().all(|(_, value)| is_constant(value)),
        ExpressionKind::Array(items) => items.iter().all(is_constant),
        _ => is_scalar(value),
    }
}

fn is_scalar(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Literal(_) => true,
        ExpressionKind::Constant(path) => variant_of(path).is_some(),
        _ => false,
    }
}

/// What stands in `timestamp(...)`, which ASL says by the operator.
fn timestamp_of(value: &Expression) -> &Expression {
    match &value.kind {
        ExpressionKind::Call(name, arguments) if name == "timestamp" => {
            arguments.first().unwrap_or(value)
        }
        _ => value,
    }
}
