//! Events of a history, made one after the other of what an engine has noted: AWS's event types, ids and details.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, json};

use super::HistoryEvent;
use super::reached::Reached;
use crate::data::Json;
use crate::definition::{self, Definition, Kind, StateMachine};
use crate::engine::Limits;
use crate::error::{ErrorOutput, STATES_HEARTBEAT_TIMEOUT, STATES_TIMEOUT};
use crate::execution::Identity;

/// Makes the history of an execution of what an engine has noted of it, told in the order in which it happened.
///
/// A machine of the execution is a scope: 0 is the outermost, and a branch or an item has the number that
/// [`branch_started`](Self::branch_started) gives it. A payload that is left out is the one before it in its scope.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::definition::Kind;
/// use workflow_core::{HistoryBuilder, Timestamp};
///
/// let time = Timestamp::UNIX_EPOCH;
/// let mut history = HistoryBuilder::new(None, "Greeting:first", None);
/// history.started(time, json!("Ada"));
/// history.entered(0, time, "Greet", "Pass", None);
/// history.exited(0, time, Some(json!("Hello, Ada!")), None);
/// history.succeeded(time, None);
///
/// let events = history.finish();
/// let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
/// assert_eq!(kinds, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
/// assert_eq!(events[3].details, json!({ "output": "Hello, Ada!" }));
/// ```
#[derive(Debug)]
pub struct HistoryBuilder {
    events: Vec<HistoryEvent>,
    definition: Option<&'static Definition>,
    shown: Shown,
    scopes: HashMap<u32, Scope>,
    next_scope: u32,
}

/// What an execution shows of itself.
#[derive(Debug)]
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
#[derive(Debug, Default)]
struct Scope {
    /// The event that the next one follows from.
    previous: u64,
    /// The payload that was last told.
    last: Json,
    /// The state that it is in.
    state: String,
    /// The kind of that state, by ASL's name.
    kind: &'static str,
    fork: Fork,
    /// Its description.
    machine: Option<&'static StateMachine>,
    /// The scope that it is a branch of, and its index.
    parent: Option<(u32, usize)>,
    /// Whether it is inside of a distributed Map, whose items have histories of their own on AWS.
    is_apart: bool,
    /// Whether the branches have failed, which is told unless they are tried again.
    has_failed: bool,
}

/// The branches of the state that a machine is in.
#[derive(Debug, Default)]
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

impl HistoryBuilder {
    /// Begins the history of an execution by its id, under the identity that it shows. Without the definition of its workflow,
    /// what AWS tells of how a task is reached is left out.
    #[must_use]
    pub fn new(
        definition: Option<&'static Definition>,
        id: &str,
        identity: Option<&Identity>,
    ) -> Self {
        let shown = Shown::of(id, identity);
        Self { events: Vec::new(), definition, shown, scopes: HashMap::new(), next_scope: 1 }
    }

    /// Returns the events, in order.
    #[must_use]
    pub fn finish(self) -> Vec<HistoryEvent> {
        self.events
    }

    /// The execution starts. It is told first.
    pub fn started(&mut self, time: Timestamp, input: Json) {
        let mut details = json!({ "input": input });
        let machine = self.definition.map(|definition| &definition.machine);
        self.scopes.insert(0, Scope { last: input, machine, ..Scope::default() });
        if !self.shown.role.is_empty() {
            details["roleArn"] = self.shown.role.clone().into();
        }
        self.push(0, time, "ExecutionStarted", details);
        // AWS has the first state follow from nothing, too.
        self.scope(0).previous = 0;
    }

    /// The execution ends well.
    pub fn succeeded(&mut self, time: Timestamp, output: Option<Json>) {
        let output = self.told(0, output);
        self.push(0, time, "ExecutionSucceeded", json!({ "output": output }));
    }

    /// The execution fails.
    pub fn failed(&mut self, time: Timestamp, error: &ErrorOutput) {
        self.ended(time, "ExecutionFailed", error);
    }

    /// The execution took longer than the timeout of its workflow.
    pub fn timed_out(&mut self, time: Timestamp, error: &ErrorOutput) {
        self.ended(time, "ExecutionTimedOut", error);
    }

    /// The execution was stopped from outside.
    pub fn aborted(&mut self, time: Timestamp, error: &ErrorOutput) {
        self.ended(time, "ExecutionAborted", error);
    }

    fn ended(&mut self, time: Timestamp, kind: &str, error: &ErrorOutput) {
        self.tell_failure(0, time);
        self.push(0, time, kind, error_details(error));
    }

    /// The execution has failed, and goes on from the states that failed.
    pub fn redriven(&mut self, time: Timestamp) {
        self.push(0, time, "ExecutionRedriven", json!({}));
    }

    /// A state is entered: its name, its kind by ASL's name, and its raw input.
    pub fn entered(
        &mut self,
        scope: u32,
        time: Timestamp,
        state: &str,
        kind: &'static str,
        input: Option<Json>,
    ) {
        self.tell_failure(scope, time);
        let input = self.told(scope, input);
        let entered = self.scope(scope);
        (entered.state, entered.kind) = (state.to_owned(), kind);
        let details = json!({ "name": state, "input": input });
        self.push(scope, time, &format!("{kind}StateEntered"), details);
    }

    /// The state that a scope is in is left with its effective output, and has assigned variables: an object of them by name.
    pub fn exited(
        &mut self,
        scope: u32,
        time: Timestamp,
        output: Option<Json>,
        assigned: Option<Json>,
    ) {
        self.tell_failure(scope, time);
        let output = self.told(scope, output);
        let left = self.scope(scope);
        let kind = format!("{}StateExited", left.kind);
        let mut details = json!({ "name": left.state, "output": output });
        if let Some(assigned) = assigned {
            details["assignedVariables"] = assigned;
        }
        self.push(scope, time, &kind, details);
    }

    /// An attempt at a task begins.
    pub fn attempt_started(
        &mut self,
        scope: u32,
        time: Timestamp,
        input: Option<Json>,
        limits: Limits,
    ) {
        let input = self.told(scope, input);
        let reached = self.reached(scope);
        let region = self.shown.region.clone();
        for (kind, details) in reached.started(&input, limits, &region) {
            self.push(scope, time, kind, details);
        }
    }

    /// The call of a task that waits for its task token has ended, and the waiting goes on.
    pub fn submitted(&mut self, scope: u32, time: Timestamp, output: Option<Json>) {
        let output = self.told(scope, output);
        let output = self.reached(scope).submitted(output);
        self.attempted(scope, time, "Submitted", json!({ "output": output }));
    }

    /// A task token was sent back with an output, which the attempt then ends with.
    pub fn called_back(&mut self, scope: u32, output: Json) {
        self.told(scope, Some(output));
    }

    /// An attempt has given its result.
    pub fn attempt_succeeded(&mut self, scope: u32, time: Timestamp, output: Option<Json>) {
        let output = self.told(scope, output);
        self.attempted(scope, time, "Succeeded", json!({ "output": output }));
    }

    /// An attempt has failed.
    pub fn attempt_failed(&mut self, scope: u32, time: Timestamp, error: &ErrorOutput) {
        let is_late = error.error == STATES_TIMEOUT || error.error == STATES_HEARTBEAT_TIMEOUT;
        let how = if is_late { "TimedOut" } else { "Failed" };
        self.attempted(scope, time, how, error_details(error));
    }

    /// A retrier has granted another attempt: branches that have failed are tried again, and AWS does not tell that they have.
    pub fn retried(&mut self, scope: u32) {
        self.scope(scope).has_failed = false;
    }

    fn scope(&mut self, number: u32) -> &mut Scope {
        self.scopes.entry(number).or_default()
    }

    /// The payload of an event.
    fn told(&mut self, scope: u32, payload: Option<Json>) -> Json {
        let scope = self.scope(scope);
        if let Some(payload) = payload {
            scope.last = payload;
        }
        scope.last.clone()
    }

    /// Adds an event that the next one of its scope follows from.
    fn push(&mut self, scope: u32, time: Timestamp, kind: &str, details: Json) {
        if self.scope(scope).is_apart {
            return;
        }
        let previous = self.scope(scope).previous;
        self.scope(scope).previous = self.aside(previous, time, kind, details);
    }

    /// Adds an event.
    fn aside(&mut self, previous: u64, time: Timestamp, kind: &str, details: Json) -> u64 {
        let id = self.events.len() as u64 + 1;
        let kind = kind.to_owned();
        self.events.push(HistoryEvent { id, previous, kind, timestamp: time, details });
        id
    }

    /// The state that a scope is in, as its workflow describes it.
    fn described(&mut self, scope: u32) -> Option<&'static definition::State> {
        let scope = self.scope(scope);
        scope.machine?.states.iter().find(|state| state.name == scope.state)
    }

    fn reached(&mut self, scope: u32) -> Reached {
        match self.described(scope).map(|state| &state.kind) {
            Some(Kind::Task(task)) => Reached::of(task),
            _ => Reached::Function(String::new()),
        }
    }

    /// The end of an attempt.
    fn attempted(&mut self, scope: u32, time: Timestamp, how: &str, details: Json) {
        let reached = self.reached(scope);
        let kind = format!("{}{how}", reached.prefix());
        self.push(scope, time, &kind, reached.with_details(details));
    }

    /// Whether the branches of the state that a scope is in are items of a Map that are told one by one: those of a distributed Map
    /// are executions of their own on AWS.
    fn has_items(&mut self, scope: u32) -> bool {
        self.scope(scope).kind == "Map" && !self.is_distributed(scope)
    }

    fn is_distributed(&mut self, scope: u32) -> bool {
        self.scope(scope).fork.is_distributed
    }

    /// A state begins so many branches, or items, which may be those of a distributed Map.
    pub fn forked(&mut self, scope: u32, time: Timestamp, branches: usize, is_distributed: bool) {
        match self.scope(scope).kind {
            "Parallel" => self.push(scope, time, "ParallelStateStarted", json!({})),
            "Map" => self.push(scope, time, "MapStateStarted", json!({ "length": branches })),
            _ => {}
        }
        let forked = self.scope(scope);
        let begins = forked.previous;
        forked.fork = Fork { is_distributed, begins, ended: (begins, begins), is_run: false };
    }

    /// Tells that the run of a distributed Map begins, once it does.
    fn run_map(&mut self, scope: u32, time: Timestamp) {
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

    /// A branch or an item of the state that a scope is in begins; returns the number of its scope, which is one more than that of
    /// the one that began before.
    pub fn branch_started(&mut self, parent: u32, time: Timestamp, index: usize) -> u32 {
        self.run_map(parent, time);
        let number = self.next_scope;
        self.next_scope += 1;
        let machine = self.described(parent).and_then(|state| state.inner(index));
        let is_apart = self.scope(parent).is_apart || self.is_distributed(parent);
        let around = self.scope(parent);
        let name = around.state.clone();
        let branch = Scope {
            previous: around.fork.begins,
            last: around.last.clone(),
            machine,
            is_apart,
            parent: Some((parent, index)),
            ..Scope::default()
        };
        self.scopes.insert(number, branch);
        if self.has_items(parent) {
            let details = json!({ "name": name, "index": index });
            self.push(number, time, "MapIterationStarted", details);
        }
        number
    }

    /// A branch or an item has its output.
    pub fn branch_succeeded(&mut self, branch: u32, time: Timestamp, output: Option<Json>) {
        self.told(branch, output);
        self.branch_ended(branch, time, "MapIterationSucceeded");
    }

    /// A branch or an item has failed.
    pub fn branch_failed(&mut self, branch: u32, time: Timestamp) {
        self.tell_failure(branch, time);
        self.branch_ended(branch, time, "MapIterationFailed");
    }

    fn branch_ended(&mut self, branch: u32, time: Timestamp, kind: &str) {
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
    fn tell_failure(&mut self, scope: u32, time: Timestamp) {
        if std::mem::take(&mut self.scope(scope).has_failed) {
            let kind = forking(self.scope(scope).kind);
            self.push(scope, time, &format!("{kind}Failed"), json!({}));
        }
    }

    /// The branches or items of the state that a scope is in have succeeded, or one has failed.
    pub fn joined(&mut self, scope: u32, time: Timestamp, has_failed: bool) {
        let kind = self.scope(scope).kind;
        if forking(kind).is_empty() || self.scope(scope).is_apart {
            return;
        }
        let how = if has_failed { "Failed" } else { "Succeeded" };
        if self.scope(scope).kind == "Map" && self.is_distributed(scope) {
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
const fn forking(kind: &str) -> &'static str {
    match kind.as_bytes() {
        b"Parallel" => "ParallelState",
        b"Map" => "MapState",
        _ => "",
    }
}

fn error_details(error: &ErrorOutput) -> Json {
    let parts = [("error", &error.error), ("cause", &error.cause)].into_iter();
    let parts = parts.filter(|(_, text)| !text.is_empty());
    parts
        .map(|(name, text)| (name.to_owned(), Json::from(text.clone())))
        .collect::<Map<_, _>>()
        .into()
}
