//! What expressions name: intrinsic functions, tests, the context object, and where each may stand.

use crate::span::Span;

use crate::diagnostics::Diagnostics;
use crate::intrinsics::{self, Arity};
use crate::model::{Kind, State, Wait, Workflow};
use crate::parse::expression::{Operator, is_path_in_quotes};
use crate::parse::{
    Expression, ExpressionKind, Limit, Literal, Notation, Root, Segment, SegmentKind, Service,
    ValuePath,
};

pub(super) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    let notation = workflow.source.notation;
    for (_, state) in workflow.each_state() {
        for use_ in uses(state) {
            Checker { notation, state, use_: use_.1, in_filter: false, diagnostics }
                .expression(use_.0);
        }
        for path in paths(state) {
            Checker { notation, state, use_: Use::Input, in_filter: false, diagnostics }.path(path);
        }
        result_path_is_a_reference_path(notation, state, diagnostics);
        a_time_is_not_computed(state, diagnostics);
    }
}

/// No number is added to the time that a Wait state waits for. Its text may be made of parts.
fn a_time_is_not_computed(state: &State<'_>, diagnostics: &mut Diagnostics) {
    let Kind::Wait(Some(Wait::Timestamp(time))) = &state.kind else { return };
    let is_number = |side: &Expression| {
        matches!(side.kind, ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)))
    };
    if let ExpressionKind::Binary(left, _, right) = &time.kind
        && (is_number(left) || is_number(right))
    {
        let name = &state.name.text;
        diagnostics
            .error(time.start, format_args!("state `{name}`: there is no time that is `{time}`"))
            .help("wait for some `seconds`, or let a task compute the time");
    }
}

/// Where an expression stands, which decides what it may name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Before the work of the state: `$states.result` does not exist.
    Input,
    /// An argument of a call: the token that the state waits for exists.
    Argument,
    /// After it.
    Output,
    /// In a catcher.
    Caught,
    /// In `item_selector`: `$$.Map.Item` exists.
    Item,
}

/// Every expression of a state.
pub fn uses<'a>(state: &'a State<'a>) -> Vec<(&'a Expression, Use)> {
    let flow = &state.flow;
    let mut uses: Vec<(&Expression, Use)> = Vec::new();
    uses.extend(flow.parameters.map(|value| (value, Use::Input)));
    uses.extend(flow.result.map(|value| (value, Use::Input)));
    uses.extend(flow.result_selector.map(|value| (value, Use::Output)));
    uses.extend(flow.output.map(|value| (value, Use::Output)));
    uses.extend(flow.assign.iter().map(|(_, value)| (value, Use::Output)));
    for catcher in &state.catch {
        uses.extend(catcher.output.map(|value| (value, Use::Caught)));
        uses.extend(catcher.assign.iter().map(|(_, value)| (value, Use::Caught)));
    }
    let limit = |limit: &'a Limit| match limit {
        Limit::Seconds(value) => Some((value, Use::Input)),
        Limit::Fixed(_) => None,
    };
    match &state.kind {
        Kind::Task { call, timeout, heartbeat, .. } => {
            let arguments = call.and_then(|call| call.arguments.as_ref());
            uses.extend(arguments.into_iter().flatten().map(|value| (value, Use::Argument)));
            let service = call.map(|call| &call.service);
            uses.extend(
                service.into_iter().flat_map(Service::values).map(|value| (value, Use::Input)),
            );
            uses.extend(timeout.and_then(limit));
            uses.extend(heartbeat.and_then(limit));
        }
        Kind::Choice { rules, default } => {
            for rule in rules.iter().chain(default) {
                uses.extend(rule.condition.map(|value| (value, Use::Input)));
                uses.extend(rule.output.map(|value| (value, Use::Input)));
                uses.extend(rule.assign.iter().map(|(_, value)| (value, Use::Input)));
            }
        }
        Kind::Map { items, selector, concurrency, distributed, .. } => {
            let tolerance = distributed
                .iter()
                .flat_map(|limits| [limits.tolerated_count, limits.tolerated_percentage]);
            uses.extend(tolerance.flatten().map(|value| (value, Use::Input)));
            uses.extend(items.map(|value| (value, Use::Input)));
            uses.extend(concurrency.map(|value| (value, Use::Input)));
            uses.extend(selector.map(|value| (value, Use::Item)));
        }
        Kind::Wait(Some(Wait::Seconds(seconds))) => uses.extend(limit(seconds)),
        Kind::Wait(Some(Wait::Timestamp(time))) => uses.push((time, Use::Input)),
        Kind::Fail { error, cause } => {
            uses.extend(error.iter().chain(cause).map(|value| (*value, Use::Input)))
        }
        _ => {}
    }
    uses
}

/// The paths that are fields of a state, but for `result_path`.
pub(super) fn paths<'a>(state: &'a State<'a>) -> Vec<&'a ValuePath> {
    [state.flow.input_path, state.flow.output_path]
        .into_iter()
        .flatten()
        .filter_map(|field| field.path)
        .collect()
}

fn result_path_is_a_reference_path(
    notation: Notation,
    state: &State<'_>,
    diagnostics: &mut Diagnostics,
) {
    let field = if notation == Notation::Asl { "ResultPath" } else { "result_path" };
    let fields = state
        .flow
        .result_path
        .into_iter()
        .chain(state.catch.iter().filter_map(|catcher| catcher.result_path));
    for path in fields.filter_map(|field| field.path) {
        let wrong = path
            .segments
            .iter()
            .find(|segment| !matches!(segment.kind, SegmentKind::Name(_) | SegmentKind::Index(_)));
        if !matches!(path.root, Root::Input) || wrong.is_some() {
            diagnostics
                .error(
                    wrong.map_or(path.start, |segment| segment.span),
                    format_args!(
                        "state `{}`: `{field}` names one place in the input",
                        state.name.text
                    ),
                )
                .help("write a path of names and indices alone, as in `$.receipt`")
                .code_in(notation, "SCHEMA_VALIDATION_FAILED");
        }
    }
}

struct Checker<'a, 'd> {
    notation: Notation,
    state: &'a State<'a>,
    use_: Use,
    in_filter: bool,
    diagnostics: &'d mut Diagnostics,
}

impl Checker<'_, '_> {
    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Path(path) => self.path(path),
            ExpressionKind::Call(name, arguments) => {
                self.call(name, arguments);
                // The template of `format` is text, whatever it looks like.
                let is_format = name == "format" && !arguments.is_empty();
                let values = if is_format { &arguments[1..] } else { arguments };
                values.iter().for_each(|value| self.expression(value));
                return;
            }
            ExpressionKind::Binary(_, Operator::Divide | Operator::Remainder, divisor)
                if is_zero(divisor) =>
            {
                let message =
                    format!("`{expression}` divides by zero, which fails every execution");
                self.error(divisor.start, message);
            }
            ExpressionKind::Binary(left, Operator::Subtract, right)
                if self.notation == Notation::Native && is_hyphenated(left, right) =>
            {
                let (left, right) = (left.to_string(), right.to_string());
                let (base, name) = left.rsplit_once('.').unwrap_or((&left, ""));
                let message = format!(
                    "`{right}` is no value\nhelp: a name with a hyphen stands in quotes, as in `{base}[\"{name}-{right}\"]`"
                );
                self.error(expression.end, message);
            }
            ExpressionKind::Binary(left, operator, right)
                if self.notation == Notation::Native && operator.is_comparison() =>
            {
                [left, right].into_iter().for_each(|side| self.is_comparable(side));
            }
            ExpressionKind::Literal(Literal::Text(text))
                if self.notation == Notation::Native && is_path_in_quotes(text) =>
            {
                let message = format!(
                    "`{text}` in quotes is text, and no path\nhelp: remove the quotes; the text itself is `format(\"{text}\")`"
                );
                self.error(expression.start, message);
            }
            ExpressionKind::Object(fields) if self.notation == Notation::Native => {
                for (name, value) in fields {
                    if !self.is_key_of_asl(name, value) {
                        self.expression(value);
                    }
                }
                return;
            }
            _ => {}
        }
        expression.parts().into_iter().for_each(|part| self.expression(part));
    }

    /// Reports a list or an object as the side of a comparison.
    fn is_comparable(&mut self, side: &Expression) {
        let help = match &side.kind {
            ExpressionKind::Array(items) if items.is_empty() => {
                "whether a list is empty is asked with `array_length($.items) == 0`"
            }
            ExpressionKind::Array(_) => {
                "whether a value is one of several is asked with `array_contains([..], $.value)`"
            }
            ExpressionKind::Object(_) => "compare what is in it",
            _ => return,
        };
        let message = format!(
            "`{side}` is not compared: only numbers, text, truth values and times are\nhelp: {help}"
        );
        self.error(side.start, message);
    }

    /// Reports a key that ASL has where a value is looked up. On AWS it would be looked up again.
    fn is_key_of_asl(&mut self, name: &crate::parse::Name, value: &Expression) -> bool {
        let Some(key) = name.text.strip_suffix(".$") else { return false };
        let value = match &value.kind {
            ExpressionKind::Literal(Literal::Text(path)) => path.clone(),
            _ => value.to_string(),
        };
        let message = format!(
            "`{}` ends with `.$`, and a value is looked up here by what it is\nhelp: write `\"{key}\": {value}`",
            name.text
        );
        self.error(name.span, message);
        true
    }

    fn call(&mut self, name: &crate::parse::Name, arguments: &[Expression]) {
        let text = name.to_string();
        let Some(function) = intrinsics::find(&text) else {
            let error = self.diagnostics.error(
                name.span,
                format_args!(
                    "state `{}`: there is no intrinsic function `{text}`",
                    self.state.name.text
                ),
            );
            error.suggest("a function", &text, intrinsics::names());
            if crate::diagnostics::nearest(&text, intrinsics::names()).is_none() {
                error.help("a task is called in the `call` field of a Task state: give it a state of its own, before this one");
            }
            return;
        };
        let given = arguments.len();
        let right = match function.arity {
            Arity::Exactly(count) => given == count,
            Arity::Between(least, most) => (least..=most).contains(&given),
            Arity::AtLeast(least) => given >= least,
        };
        if !right {
            self.diagnostics.error(
                name.span,
                format_args!(
                    "state `{}`: `{text}` takes {}, and gets {given}\nhelp: write `{}`",
                    self.state.name.text, function.arity, function.usage
                ),
            );
            return;
        }
        for position in function.texts {
            let Some(argument) = arguments.get(*position) else { continue };
            if !matches!(argument.kind, ExpressionKind::Literal(Literal::Text(_))) {
                self.diagnostics.error(argument.start, format_args!("state `{}`: this argument of `{text}` is text that is known while compiling\nhelp: write `{}`", self.state.name.text, function.usage));
            }
        }
        if function.path && !matches!(arguments[0].kind, ExpressionKind::Path(_)) {
            self.diagnostics.error(
                arguments[0].start,
                format_args!(
                    "state `{}`: `{text}` asks about a path\nhelp: write `{}`",
                    self.state.name.text, function.usage
                ),
            );
        }
        // AWS takes it, and fails every execution.
        if self.notation == Notation::Native
            && let Some((span, message)) = super::arguments::mistake(&text, arguments)
        {
            self.error(span, message);
        }
    }

    fn path(&mut self, path: &ValuePath) {
        match &path.root {
            Root::Input => {}
            Root::Item if self.in_filter => {}
            Root::Item => {
                self.error(
                    path.start,
                    "`@` is the element that a filter looks at, as in `$.items[?(@.price > 10)]`",
                );
            }
            Root::Variable(name) if name == "states" => self.states(name.span, &path.segments),
            Root::Variable(_) => {}
            // AWS looks for it when the workflow runs.
            Root::Context if self.notation == Notation::Asl => {}
            Root::Context => self.context(path),
        }
        for segment in &path.segments {
            if let SegmentKind::Filter(condition) = &segment.kind {
                let outer = std::mem::replace(&mut self.in_filter, true);
                self.expression(condition);
                self.in_filter = outer;
            }
        }
    }

    /// `$states.input`, `$states.result`, `$states.errorOutput`
    fn states(&mut self, span: Span, segments: &[Segment]) {
        let Some(Segment { kind: SegmentKind::Name(name), span }) = segments.first() else {
            self.error(span, "`$states` is reserved: write `$states.input`, `$states.result` or `$states.errorOutput`");
            return;
        };
        let allowed: &[&str] = match self.use_ {
            Use::Input | Use::Argument | Use::Item => &["input"],
            Use::Output => &["input", "result"],
            Use::Caught => &["input", "errorOutput"],
        };
        if !allowed.contains(&name.as_str()) {
            let names: Vec<String> =
                allowed.iter().map(|name| format!("`$states.{name}`")).collect();
            self.error(
                *span,
                format_args!("`$states.{name}` does not exist here, only {}", names.join(" and ")),
            );
        }
    }

    fn context(&mut self, path: &ValuePath) {
        let text = path.to_string();
        let fields = crate::context::FIELDS;
        let known = fields.iter().any(|field| field.has(&text));
        let span = path.end();
        if !known {
            let names = fields.iter().map(|field| field.path);
            let near = crate::diagnostics::nearest(&text, names.clone()).map(str::to_owned);
            let error = self.diagnostics.error(
                span,
                format_args!(
                    "state `{}`: the context object has no `{text}`",
                    self.state.name.text
                ),
            );
            match near {
                Some(near) => {
                    error.help(format_args!("a path with a similar name exists: `{near}`"))
                }
                None => error.help(format_args!(
                    "it has {}",
                    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                )),
            };
        } else if text.starts_with("$$.Map") && self.use_ != Use::Item {
            self.error(span, format_args!("`{text}` exists only in `item_selector`"));
        } else if text.starts_with("$$.Task") {
            self.task_token(span, &text);
        }
    }

    /// The task token is handed on in the arguments of the call of a state that waits for it.
    fn task_token(&mut self, span: Span, text: &str) {
        let (message, help) = if !self.state.kind.awaits() {
            (
                "exists only in a state that waits for it",
                "add `wait_for_task_token` with the type of what is sent back, as in `wait_for_task_token: Receipt`",
            )
        } else if self.use_ != Use::Argument {
            (
                "exists only in the arguments of `call`",
                "hand it on there, as in `call: ask($, $$.Task.Token)`",
            )
        } else {
            return;
        };
        let name = &self.state.name.text;
        self.diagnostics.error(span, format_args!("state `{name}`: `{text}` {message}")).help(help);
    }

    fn error(&mut self, span: Span, message: impl std::fmt::Display) {
        self.diagnostics.error(span, format_args!("state `{}`: {message}", self.state.name.text));
    }
}

fn is_zero(value: &Expression) -> bool {
    match value.kind {
        ExpressionKind::Literal(Literal::Integer(value)) => value == 0,
        ExpressionKind::Literal(Literal::Float(value)) => value == 0.0,
        _ => false,
    }
}

/// `$.order-id`, where no constant is meant: those are in capitals.
fn is_hyphenated(left: &Expression, right: &Expression) -> bool {
    let ExpressionKind::Path(path) = &left.kind else { return false };
    let ends_with_a_name =
        matches!(path.segments.last(), Some(Segment { kind: SegmentKind::Name(_), .. }));
    let is_word = |path: &syn::Path| {
        path.get_ident().is_some_and(|word| !word.to_string().contains(char::is_uppercase))
    };
    ends_with_a_name && matches!(&right.kind, ExpressionKind::Constant(path) if is_word(path))
}
