//! What has happened in an execution, as AWS tells it: its event types, ids and details, made of the entries of the journal when
//! they are asked for.

mod reached;

use std::collections::HashMap;

use serde_json::{Map, json};
use workflow_core::definition::{self, StateMachine};
use workflow_core::{Definition, Identity, Json, Timestamp};

use crate::entry::{Entry, Event, Failure, Kind, Text, timestamp};
use reached::Reached;

/// An event. AWS's `HistoryEvent`.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u64,
    /// The number of the event that it follows from; 0 for the first two.
    pub previous: u64,
    /// AWS's name for what happened, such as `TaskStateEntered`.
    pub kind: String,
    /// When.
    pub timestamp: Timestamp,
    /// What AWS tells of it, with payloads as JSON; an empty object for an event without details.
    pub details: Json,
}

/// A page of a history, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// The events.
    pub events: Vec<HistoryEvent>,
    /// What the next page comes after, if there is one.
    pub next: Option<u64>,
}

/// Makes events of entries.
pub(crate) struct History {
    pub(crate) events: Vec<HistoryEvent>,
    definition: Option<&'static Definition>,
    shown: Shown,
    scopes: HashMap<u32, Scope>,
    next_scope: u32,
}

/// What an execution shows of itself.
struct Shown {
    role: String,
    /// The region of AWS that it would be in.
    region: String,
    /// What the ARN of a distributed Map begins with.
    map_run: String,
}

impl Shown {
    fn of(id: &str, identity: Option<&Identity>) -> Self {
        let Some(identity) = identity else {
            return Self { role: String::new(), region: String::new(), map_run: id.to_owned() };
        };
        let region = identity.state_machine_id.split(':').nth(3).unwrap_or_default();
        let map_run = identity.state_machine_id.replace(":stateMachine:", ":mapRun:");
        Self { role: identity.role_arn.clone(), region: region.to_owned(), map_run }
    }
}

/// A machine, while its events are made.
#[derive(Default)]
struct Scope {
    /// The event that the next one follows from.
    previous: u64,
    /// The payload that was last written.
    last: Option<Text>,
    /// The state that it is in.
    state: String,
    kind: Option<Kind>,
    fork: Fork,
    /// Its description.
    machine: Option<&'static StateMachine>,
    /// The scope that it is a branch of, and its index.
    parent: Option<(u32, u32)>,
    /// Whether it is inside of a distributed Map, whose items have histories of their own on AWS.
    is_apart: bool,
    /// Whether the branches have failed, which is told unless they are tried again.
    has_failed: bool,
}

/// The branches of the state that a machine is in.
#[derive(Default)]
struct Fork {
    /// Whether they are items of a distributed Map.
    is_distributed: bool,
    /// What the next item of a Map follows from: the fork, or the last state of the item that ended last.
    begins: u64,
    /// The last event of the branch that ended last, and the last one of its states.
    ended: (u64, u64),
    /// Whether the run of a distributed Map is told of.
    is_run: bool,
}

impl History {
    /// The history of an execution, by its id, under the identity that it shows.
    pub(crate) fn new(
        definition: Option<&'static Definition>,
        id: &str,
        identity: Option<&Identity>,
    ) -> Self {
        let shown = Shown::of(id, identity);
        Self { events: Vec::new(), definition, shown, scopes: HashMap::new(), next_scope: 1 }
    }

    pub(crate) fn add(&mut self, entry: &Entry) {
        let Entry { time, scope, event } = entry;
        let (time, scope) = (*time, *scope);
        self.tell_failure(scope, time, event);
        match event {
            Event::ExecutionStarted { input, .. } => self.started(time, input),
            Event::ExecutionSucceeded { output } => {
                let output = self.written(0, output.as_ref());
                self.push(0, time, "ExecutionSucceeded", json!({ "output": output }));
            }
            Event::ExecutionFailed(failure) => {
                self.push(0, time, "ExecutionFailed", failure_details(failure));
            }
            Event::ExecutionTimedOut(failure) => {
                self.push(0, time, "ExecutionTimedOut", failure_details(failure));
            }
            Event::ExecutionAborted(failure) => {
                self.push(0, time, "ExecutionAborted", failure_details(failure));
            }
            Event::ExecutionRedriven => {
                self.push(0, time, "ExecutionRedriven", json!({}));
            }
            Event::StateEntered { state, kind, input, .. } => {
                let input = self.written(scope, input.as_ref());
                let entered = self.scope(scope);
                (entered.state, entered.kind) = (state.to_string(), Some(*kind));
                let details = json!({ "name": state, "input": input });
                self.push(scope, time, &format!("{kind:?}StateEntered"), details);
            }
            Event::StateExited { output, assigned } => {
                self.exited(scope, time, output.as_ref(), assigned.as_ref());
            }
            Event::RetryGranted { .. } | Event::WaitStarted { .. } => {}
            Event::CallbackReceived(outcome) => {
                self.written(scope, outcome.as_ref().ok());
            }
            Event::AttemptStarted { input, limits } => {
                let input = self.written(scope, input.as_ref());
                let reached = self.reached(scope);
                let region = self.shown.region.clone();
                for (kind, details) in reached.started(&input, *limits, &region) {
                    self.push(scope, time, kind, details);
                }
            }
            Event::TaskSubmitted { output } => {
                let output = self.written(scope, output.as_ref());
                let output = self.reached(scope).submitted(output);
                self.attempted(scope, time, "Submitted", json!({ "output": output }));
            }
            Event::AttemptSucceeded { output } => {
                let output = self.written(scope, output.as_ref());
                self.attempted(scope, time, "Succeeded", json!({ "output": output }));
            }
            Event::AttemptFailed(failure) => {
                let is_late =
                    failure.error == "States.Timeout" || failure.error == "States.HeartbeatTimeout";
                let how = if is_late { "TimedOut" } else { "Failed" };
                self.attempted(scope, time, how, failure_details(failure));
            }
            Event::Forked { branches, is_distributed } => {
                self.forked(scope, time, *branches, *is_distributed);
            }
            Event::BranchStarted { index } => self.branch_started(scope, time, *index),
            Event::BranchSucceeded { output } => {
                self.written(scope, output.as_ref());
                self.branch_ended(scope, time, "MapIterationSucceeded");
            }
            Event::BranchFailed(_) => self.branch_ended(scope, time, "MapIterationFailed"),
            Event::Joined(failure) => self.joined(scope, time, failure.is_some()),
        }
    }

    fn started(&mut self, time: i64, input: &Text) {
        let machine = self.definition.map(|definition| &definition.machine);
        let started = Scope { last: Some(input.clone()), machine, ..Scope::default() };
        self.scopes.insert(0, started);
        let mut details = json!({ "input": input.json() });
        if !self.shown.role.is_empty() {
            details["roleArn"] = self.shown.role.clone().into();
        }
        self.push(0, time, "ExecutionStarted", details);
        // AWS has the first state follow from nothing, too.
        self.scope(0).previous = 0;
    }

    fn exited(&mut self, scope: u32, time: i64, output: Option<&Text>, assigned: Option<&Text>) {
        let output = self.written(scope, output);
        let left = self.scope(scope);
        let kind = left.kind.map_or(String::new(), |kind| format!("{kind:?}StateExited"));
        let mut details = json!({ "name": left.state, "output": output });
        if let Some(assigned) = assigned {
            details["assignedVariables"] = assigned.json();
        }
        self.push(scope, time, &kind, details);
    }

    fn scope(&mut self, number: u32) -> &mut Scope {
        self.scopes.entry(number).or_default()
    }

    /// The payload of an entry.
    fn written(&mut self, scope: u32, text: Option<&Text>) -> Json {
        let scope = self.scope(scope);
        if let Some(text) = text {
            scope.last = Some(text.clone());
        }
        scope.last.as_ref().map_or(Json::Null, Text::json)
    }

    /// Adds an event that the next one of its scope follows from.
    fn push(&mut self, scope: u32, time: i64, kind: &str, details: Json) {
        if self.scope(scope).is_apart {
            return;
        }
        let previous = self.scope(scope).previous;
        self.scope(scope).previous = self.aside(previous, time, kind, details);
    }

    /// Adds an event.
    fn aside(&mut self, previous: u64, time: i64, kind: &str, details: Json) -> u64 {
        let id = self.events.len() as u64 + 1;
        let timestamp = timestamp(time);
        self.events.push(HistoryEvent { id, previous, kind: kind.to_owned(), timestamp, details });
        id
    }

    /// The state that a scope is in, as its workflow describes it.
    fn described(&mut self, scope: u32) -> Option<&'static definition::State> {
        let scope = self.scope(scope);
        scope.machine?.states.iter().find(|state| state.name == scope.state)
    }

    fn reached(&mut self, scope: u32) -> Reached {
        match self.described(scope).map(|state| &state.kind) {
            Some(definition::Kind::Task(task)) => Reached::of(task),
            _ => Reached::Function(String::new()),
        }
    }

    /// The end of an attempt.
    fn attempted(&mut self, scope: u32, time: i64, how: &str, details: Json) {
        let reached = self.reached(scope);
        let kind = format!("{}{how}", reached.prefix());
        self.push(scope, time, &kind, reached.with_details(details));
    }

    /// Whether the branches of the state that a scope is in are items of a Map that are told one by one: those of a distributed Map
    /// are executions of their own on AWS.
    fn has_items(&mut self, scope: u32) -> bool {
        self.scope(scope).kind == Some(Kind::Map) && !self.is_distributed(scope)
    }

    fn is_distributed(&mut self, scope: u32) -> bool {
        self.scope(scope).fork.is_distributed
    }

    fn forked(&mut self, scope: u32, time: i64, branches: u32, is_distributed: bool) {
        match self.scope(scope).kind {
            Some(Kind::Parallel) => self.push(scope, time, "ParallelStateStarted", json!({})),
            Some(Kind::Map) => {
                self.push(scope, time, "MapStateStarted", json!({ "length": branches }));
            }
            _ => {}
        }
        let forked = self.scope(scope);
        let begins = forked.previous;
        forked.fork = Fork { is_distributed, begins, ended: (begins, begins), is_run: false };
    }

    /// Tells that the run of a distributed Map begins, once it does.
    fn run_map(&mut self, scope: u32, time: i64) {
        if !self.is_distributed(scope)
            || std::mem::replace(&mut self.scope(scope).fork.is_run, true)
        {
            return;
        }
        let state = self.scope(scope).state.clone();
        let (begin, number) = (&self.shown.map_run, self.events.len());
        let arn = format!("{begin}/{state}:{number}");
        self.push(scope, time, "MapRunStarted", json!({ "mapRunArn": arn }));
    }

    fn branch_started(&mut self, parent: u32, time: i64, index: u32) {
        self.run_map(parent, time);
        let number = self.next_scope;
        self.next_scope += 1;
        let position = usize::try_from(index).unwrap_or(usize::MAX);
        let machine = self.described(parent).and_then(|state| state.inner(position));
        let around = self.scope(parent);
        let (previous, last, name) =
            (around.fork.begins, around.last.clone(), around.state.clone());
        let is_apart = around.is_apart;
        let is_apart = is_apart || self.is_distributed(parent);
        let parent_of_it = Some((parent, index));
        let branch =
            Scope { previous, last, machine, is_apart, parent: parent_of_it, ..Scope::default() };
        self.scopes.insert(number, branch);
        if self.has_items(parent) {
            let details = json!({ "name": name, "index": index });
            self.push(number, time, "MapIterationStarted", details);
        }
    }

    fn branch_ended(&mut self, branch: u32, time: i64, kind: &str) {
        let ended = self.scope(branch);
        let (previous, Some((parent, index))) = (ended.previous, ended.parent) else { return };
        if ended.is_apart {
            return;
        }
        let has_items = self.has_items(parent);
        let name = self.scope(parent).state.clone();
        let last = match has_items {
            true => self.aside(previous, time, kind, json!({ "name": name, "index": index })),
            false => previous,
        };
        let fork = &mut self.scope(parent).fork;
        fork.ended = (last, previous);
        if has_items {
            fork.begins = previous;
        }
    }

    /// Tells that the branches of a state have failed, now that it is known that they are not tried again.
    fn tell_failure(&mut self, scope: u32, time: i64, event: &Event) {
        let has_failed = std::mem::take(&mut self.scope(scope).has_failed);
        if has_failed && !matches!(event, Event::RetryGranted { .. }) {
            let kind = self.scope(scope).kind;
            self.push(scope, time, &format!("{}Failed", forking(kind)), json!({}));
        }
    }

    fn joined(&mut self, scope: u32, time: i64, has_failed: bool) {
        let kind = self.scope(scope).kind;
        if forking(kind).is_empty() || self.scope(scope).is_apart {
            return;
        }
        let how = if has_failed { "Failed" } else { "Succeeded" };
        if self.scope(scope).kind == Some(Kind::Map) && self.is_distributed(scope) {
            self.run_map(scope, time);
            self.push(scope, time, &format!("MapRun{how}"), json!({}));
        } else {
            let joined = self.scope(scope);
            let (last, of_state) = joined.fork.ended;
            joined.previous = if has_failed { of_state } else { last };
        }
        if has_failed {
            self.scope(scope).has_failed = true;
        } else {
            // Nothing follows from it.
            let previous = self.scope(scope).previous;
            self.aside(previous, time, &format!("{}Succeeded", forking(kind)), json!({}));
        }
    }
}

/// What the names of events of a state with branches begin with.
const fn forking(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Parallel) => "ParallelState",
        Some(Kind::Map) => "MapState",
        _ => "",
    }
}

fn failure_details(failure: &Failure) -> Json {
    let parts = [("error", &failure.error), ("cause", &failure.cause)].into_iter();
    let parts = parts.filter(|(_, text)| !text.is_empty());
    parts
        .map(|(name, text)| (name.to_owned(), Json::from(text.clone())))
        .collect::<Map<_, _>>()
        .into()
}
