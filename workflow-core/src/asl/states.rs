//! The states, each with the fields of its kind.

use std::time::Duration;

use serde_json::{Map, json};

use super::Writer;
use super::calls::{is_execution, is_request};
use super::paths::path;
use super::values::Value;
use crate::data::Json;
use crate::definition::{
    Catcher, Choice, ChoiceDefault, DataFlow, Distributed, Expression, Fail, Kind, Limit,
    PathField, State, StateId, StateMachine, Transition, Wait,
};
use crate::definition::{Map as MapState, Parallel};
use crate::retry::{Jitter, Retrier};

pub(super) type Fields = Map<String, Json>;

/// Sets a field.
pub(super) fn set(fields: &mut Fields, name: &str, value: impl Into<Json>) {
    fields.insert(name.to_owned(), value.into());
}

fn comment(fields: &mut Fields, comment: Option<&str>) {
    comment.inspect(|text| set(fields, "Comment", *text));
}

fn target(machine: &StateMachine, id: StateId) -> Json {
    machine.states.get(usize::from(id.0)).map_or(Json::Null, |state| state.name.into())
}

impl Writer<'_> {
    pub(super) fn state(&mut self, machine: &StateMachine, state: &State) -> Fields {
        let mut fields = Fields::new();
        set(&mut fields, "Type", state.kind.name());
        comment(&mut fields, state.comment);
        self.before(&mut fields, state);
        match &state.kind {
            Kind::Task(task) => self.task(&mut fields, task, state.flow.parameters.as_ref()),
            Kind::Choice(choice) => self.choice(&mut fields, machine, choice),
            Kind::Parallel(parallel) => self.parallel(&mut fields, parallel),
            Kind::Map(map) => self.map(&mut fields, map),
            Kind::Wait(wait) => self.wait(&mut fields, wait),
            Kind::Fail(fail) => self.fail(&mut fields, fail),
            Kind::Pass | Kind::Succeed => {}
        }
        self.after(&mut fields, state);
        let retry: Vec<Json> = state.retry().iter().map(retrier).collect();
        if !retry.is_empty() {
            set(&mut fields, "Retry", retry);
        }
        let catch = state.catch().iter().map(|catcher| self.catcher(machine, catcher));
        let catch: Vec<Json> = catch.collect();
        if !catch.is_empty() {
            set(&mut fields, "Catch", catch);
        }
        match state.transition {
            Some(Transition::Next(id)) => set(&mut fields, "Next", target(machine, id)),
            Some(Transition::End) => set(&mut fields, "End", true),
            None => {}
        }
        fields
    }

    /// What the work is done on.
    fn before(&mut self, fields: &mut Fields, state: &State) {
        let DataFlow { input_path, parameters, .. } = &state.flow;
        path_field(fields, "InputPath", *input_path);
        // A request to a service is the parameters, and these are in it.
        if let Some(parameters) = parameters.as_ref().filter(|_| !is_request(&state.kind)) {
            self.object(fields, "Parameters", parameters);
        }
    }

    /// A field that is a template: an object.
    pub(super) fn object(&mut self, fields: &mut Fields, name: &str, value: &Expression) {
        match self.value(value) {
            Value::Plain(json) => set(fields, name, json),
            Value::Dynamic(_) => {
                self.inexpressible(format_args!("`{value}` as `{name}`, which is an object"))
            }
        }
    }

    /// What becomes of the result. That of a workflow is in an envelope, until a selector takes it out.
    fn after(&mut self, fields: &mut Fields, state: &State) {
        let flow = &state.flow;
        self.result = if is_execution(&state.kind) { "$.Output" } else { "$" };
        if let Some(selector) = &flow.result_selector {
            self.object(fields, "ResultSelector", selector);
            self.result = "$";
        }
        if let Some(output) = &flow.output {
            self.output(fields, &state.kind, output);
        }
        // What is assigned where no rule holds is the state's own in ASL.
        let default = match &state.kind {
            Kind::Choice(Choice { default: Some(default), .. }) => default.assign,
            _ => &[],
        };
        self.assign(fields, &[flow.assign, default].concat());
        path_field(fields, "ResultPath", flow.result_path);
        match (flow.output_path, flow.result_path) {
            (PathField::Absent, PathField::Absent)
                if flow.output.is_none() && self.result != "$" =>
            {
                set(fields, "OutputPath", self.result);
            }
            (PathField::Path(text), PathField::Absent) => {
                set(fields, "OutputPath", self.of_result(text));
            }
            (output_path, _) => path_field(fields, "OutputPath", output_path),
        }
        self.result = "$";
    }

    fn output(&mut self, fields: &mut Fields, kind: &Kind, output: &Expression) {
        match (kind, self.value(output)) {
            (_, Value::Dynamic(text)) if text.starts_with('$') => set(fields, "OutputPath", text),
            (Kind::Pass, Value::Plain(json)) if is_constant(output) => set(fields, "Result", json),
            (Kind::Pass, Value::Plain(json)) => set(fields, "Parameters", json),
            (
                Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_),
                Value::Plain(json @ Json::Object(_)),
            ) => {
                set(fields, "ResultSelector", json);
            }
            _ => self.inexpressible(format_args!("`output: {output}`")),
        }
    }

    fn assign(&mut self, fields: &mut Fields, assign: &[(&'static str, Expression)]) {
        if !assign.is_empty() {
            let assigned = self.template(assign, None);
            set(fields, "Assign", assigned);
        }
    }

    fn choice(&mut self, fields: &mut Fields, machine: &StateMachine, choice: &Choice) {
        let rules = choice.rules.iter().map(|rule| {
            let mut written = self.condition(&rule.condition);
            comment(&mut written, rule.comment);
            if rule.output.is_some() {
                self.inexpressible("`output` of a rule");
            }
            self.assign(&mut written, rule.assign);
            set(&mut written, "Next", target(machine, rule.next));
            Json::from(written)
        });
        let rules: Vec<Json> = rules.collect();
        set(fields, "Choices", rules);
        if let Some(ChoiceDefault { next, output, .. }) = &choice.default {
            set(fields, "Default", target(machine, *next));
            if output.is_some() {
                self.inexpressible("`output` of a rule");
            }
        }
    }

    fn parallel(&mut self, fields: &mut Fields, parallel: &Parallel) {
        let branches = parallel.branches.iter().map(|branch| Json::from(self.machine(branch)));
        let branches: Vec<Json> = branches.collect();
        set(fields, "Branches", branches);
    }

    fn map(&mut self, fields: &mut Fields, map: &MapState) {
        match self.value(&map.items) {
            Value::Dynamic(text) if text == "$" => {}
            Value::Dynamic(text) if text.starts_with('$') => set(fields, "ItemsPath", text),
            _ => self
                .inexpressible(format_args!("`{}` as the items, which a path leads to", map.items)),
        }
        if let Some(selector) = &map.item_selector {
            self.object(fields, "ItemSelector", selector);
        }
        let mut processor = Fields::new();
        let config = match map.distributed {
            None => json!({ "Mode": "INLINE" }),
            Some(Distributed { execution_type, .. }) => {
                json!({ "Mode": "DISTRIBUTED", "ExecutionType": execution_type })
            }
        };
        set(&mut processor, "ProcessorConfig", config);
        processor.extend(self.machine(&map.item_processor));
        set(fields, "ItemProcessor", processor);
        self.number(fields, "MaxConcurrency", map.max_concurrency.as_ref());
        if let Some(distributed) = &map.distributed {
            distributed.label.inspect(|label| set(fields, "Label", *label));
            let [count, percentage] =
                [&distributed.tolerated_count, &distributed.tolerated_percentage];
            self.number(fields, "ToleratedFailureCount", count.as_ref());
            self.number(fields, "ToleratedFailurePercentage", percentage.as_ref());
        }
    }

    /// A field with a number, or with a path to one.
    fn number(&mut self, fields: &mut Fields, name: &str, value: Option<&Expression>) {
        let Some(value) = value else { return };
        match self.value(value) {
            Value::Plain(json) => set(fields, name, json),
            Value::Dynamic(text) if text.starts_with('$') => {
                set(fields, &format!("{name}Path"), text)
            }
            Value::Dynamic(_) => self.inexpressible(format_args!("`{value}` as `{name}`")),
        }
    }

    fn wait(&mut self, fields: &mut Fields, wait: &Wait) {
        match wait {
            Wait::Seconds(limit) => self.limit(fields, "Seconds", Some(limit)),
            Wait::Timestamp(time) => self.number(fields, "Timestamp", Some(time)),
        }
    }

    pub(super) fn limit(&mut self, fields: &mut Fields, name: &str, limit: Option<&Limit>) {
        match limit {
            None => {}
            Some(Limit::Fixed(duration)) => set(fields, name, duration.as_secs()),
            Some(Limit::Seconds(value)) => self.number(fields, name, Some(value)),
        }
    }

    fn fail(&mut self, fields: &mut Fields, fail: &Fail) {
        for (name, value) in [("Error", &fail.error), ("Cause", &fail.cause)] {
            let Some(value) = value else { continue };
            match self.value(value) {
                Value::Plain(json) => set(fields, name, json),
                Value::Dynamic(text) => set(fields, &format!("{name}Path"), text),
            }
        }
    }

    fn catcher(&mut self, machine: &StateMachine, catcher: &Catcher) -> Json {
        let mut fields = Fields::new();
        comment(&mut fields, catcher.comment);
        set(&mut fields, "ErrorEquals", catcher.error_equals);
        if catcher.output.is_some() {
            self.inexpressible("`output` of a catcher");
        }
        path_field(&mut fields, "ResultPath", catcher.result_path);
        self.assign(&mut fields, catcher.assign);
        set(&mut fields, "Next", target(machine, catcher.next));
        fields.into()
    }
}

/// Whether nothing in an expression is computed.
fn is_constant(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(_) | Expression::Variant(..) => true,
        Expression::Object(fields) | Expression::Struct(_, fields) => {
            fields.iter().all(|(_, value)| is_constant(value))
        }
        Expression::Tuple(_, items) | Expression::Array(items) => items.iter().all(is_constant),
        _ => false,
    }
}

fn path_field(fields: &mut Fields, name: &str, field: PathField) {
    match field {
        PathField::Absent => {}
        PathField::Null => set(fields, name, Json::Null),
        PathField::Path(text) => set(fields, name, path(text)),
    }
}

/// A retrier; what is as ASL has it where nothing is said is left out.
fn retrier(retrier: &Retrier) -> Json {
    let usual = Retrier::new(&[]);
    let mut fields = Fields::new();
    let seconds = |duration: Duration| Json::from(duration.as_secs());
    comment(&mut fields, retrier.comment);
    set(&mut fields, "ErrorEquals", retrier.error_equals);
    if retrier.interval != usual.interval {
        set(&mut fields, "IntervalSeconds", seconds(retrier.interval));
    }
    if retrier.max_attempts != usual.max_attempts {
        set(&mut fields, "MaxAttempts", retrier.max_attempts);
    }
    if retrier.backoff_rate.to_bits() != usual.backoff_rate.to_bits() {
        set(&mut fields, "BackoffRate", retrier.backoff_rate);
    }
    retrier.max_delay.inspect(|delay| set(&mut fields, "MaxDelaySeconds", seconds(*delay)));
    if retrier.jitter == Jitter::Full {
        set(&mut fields, "JitterStrategy", "FULL");
    }
    fields.into()
}
