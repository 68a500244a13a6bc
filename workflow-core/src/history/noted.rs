//! What a [`History`](super::History) keeps of an execution until somebody asks: what happened, when and where, and the data as JSON.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{ExecutionHistory, HistoryBuilder, HistoryEvent};
use crate::data::Json;
use crate::definition::{Definition, Kind, State};
use crate::engine::Limits;
use crate::error::{ErrorOutput, STATES_TIMEOUT};
use crate::event::{Event, Payload, Scope, assigned};
use crate::execution::{Execution, Identity};

/// What has happened in an execution.
pub(super) struct Noted {
    /// Where the execution is in memory, which tells it from others while it runs.
    address: Option<usize>,
    definition: &'static Definition,
    identity: Option<Identity>,
    name: Option<String>,
    happened: Vec<Happened>,
    /// The payloads, one after the other.
    payloads: Vec<u8>,
}

/// Something that has happened.
struct Happened {
    /// In milliseconds since 1970.
    time: i64,
    /// The number of the branch or item, or 0 outside of any.
    branch: u32,
    /// How many bytes of the payloads are of this: none where its payload is the one before it in its machine.
    payload: usize,
    what: What,
}

enum What {
    Started,
    Succeeded,
    Failed(Box<ErrorOutput>),
    Aborted,
    Entered(&'static State),
    /// Its payload is all variables of the machine.
    Assigned(&'static [&'static str]),
    Exited,
    AttemptStarted(Option<Box<Limits>>),
    Submitted,
    AttemptSucceeded,
    AttemptFailed(Box<ErrorOutput>),
    Retried,
    BranchesStarted(&'static State, usize),
    /// Where it begins, and its index.
    BranchStarted(u32, usize),
    BranchSucceeded,
    BranchFailed,
    BranchesSucceeded,
    BranchesFailed,
}

impl Noted {
    pub(super) fn of(execution: &Execution) -> Self {
        /// About as many things happen in a workflow of ten states, and so many bytes have their payloads.
        const SOME: (usize, usize) = (64, 1024);
        Self {
            address: Some(address(execution)),
            definition: execution.definition(),
            identity: execution.identity().cloned(),
            name: None,
            happened: Vec::with_capacity(SOME.0),
            payloads: Vec::with_capacity(SOME.1),
        }
    }

    pub(super) fn is_of(&self, execution: &Execution) -> bool {
        self.address == Some(address(execution))
    }

    pub(super) fn note(&mut self, execution: &Execution, event: &Event<'_>) {
        if event.is_end() {
            self.address = None;
            self.name = execution.known_name().map(str::to_owned);
        }
        let Some((scope, what, payload)) = what(event) else { return };
        let branch = number(scope);
        let before = self.happened.last().filter(|last| last.branch == branch);
        let is_known = before.is_some_and(|before| is_handed(event, &before.what));
        let payload = payload.filter(|_| !is_known).map_or(0, |payload| self.keep(payload));
        let time = self.time(execution, event, branch);
        self.happened.push(Happened { time, branch, payload, what });
    }

    /// When an event happens that is told now. The clock is not read where the execution has not waited since the event before, but
    /// now and then, since what never waits takes its time, too.
    fn time(&self, execution: &Execution, event: &Event<'_>, branch: u32) -> i64 {
        const NOW_AND_THEN: usize = 64;
        match self.happened.last() {
            None => execution.start_time().as_millisecond(),
            Some(last)
                if !self.happened.len().is_multiple_of(NOW_AND_THEN)
                    && !may_have_waited(event, branch, last) =>
            {
                last.time
            }
            _ => execution.now_millisecond(),
        }
    }

    fn keep(&mut self, payload: Payload<'_>) -> usize {
        let before = self.payloads.len();
        payload.write_json(&mut self.payloads);
        self.payloads.len() - before
    }

    pub(super) fn history(&self) -> ExecutionHistory {
        let (workflow, name) = (self.definition.name, self.name.clone());
        ExecutionHistory { workflow, name, events: self.events() }
    }

    pub(super) fn events(&self) -> Vec<HistoryEvent> {
        let id = match (&self.identity, &self.name) {
            (Some(identity), _) => identity.execution_id.clone(),
            (None, Some(name)) => format!("{}:{name}", self.definition.name),
            (None, None) => self.definition.name.to_owned(),
        };
        let history = HistoryBuilder::new(Some(self.definition), &id, self.identity.as_ref());
        let mut telling = Telling { history, scopes: HashMap::new(), assigned: HashMap::new() };
        let mut payloads = self.payloads.as_slice();
        for happened in &self.happened {
            let (payload, rest) = payloads.split_at(happened.payload);
            payloads = rest;
            // What is left out is not JSON.
            telling.tell(happened, serde_json::from_slice(payload).ok());
        }
        telling.history.finish()
    }
}

impl std::fmt::Debug for Noted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.history().fmt(f)
    }
}

/// Whether the payload of an event is that of what happened just before in the same machine.
fn is_handed(event: &Event<'_>, before: &What) -> bool {
    match (event, before) {
        (Event::StateEntered { .. }, What::Exited | What::Started)
        | (Event::BranchSucceeded { .. } | Event::ExecutionSucceeded { .. }, What::Exited) => true,
        (Event::TaskScheduled { state, .. }, What::Entered(_)) => state.calls_with_input(),
        (Event::StateExited { state, .. }, What::Entered(_)) => state.outputs_input(),
        (Event::StateExited { state, .. }, What::AttemptSucceeded) => state.outputs_result(),
        _ => false,
    }
}

/// What a history tells of an event, where it happened, and its payload.
fn what<'a>(event: &Event<'a>) -> Option<(Scope<'a>, What, Option<Payload<'a>>)> {
    const OUTSIDE: Scope<'static> = Scope(None);
    let failed = |error: &ErrorOutput| Box::new(error.clone());
    Some(match *event {
        Event::ExecutionStarted { input, .. } => (OUTSIDE, What::Started, Some(input)),
        Event::ExecutionSucceeded { output, .. } => (OUTSIDE, What::Succeeded, Some(output)),
        Event::ExecutionFailed { error, .. } => (OUTSIDE, What::Failed(failed(error)), None),
        Event::ExecutionAborted { .. } => (OUTSIDE, What::Aborted, None),
        Event::StateEntered { scope, state, input, .. } => {
            (scope, What::Entered(state), Some(input))
        }
        Event::VariablesAssigned { scope, variables, .. } => {
            (scope, What::Assigned(variables.names), Some(variables.all))
        }
        Event::StateExited { scope, output, .. } => (scope, What::Exited, Some(output)),
        Event::TaskScheduled { scope, input, limits, .. } => {
            let is_limited = limits.timeout.is_some() || limits.heartbeat.is_some();
            let limits = is_limited.then(|| Box::new(limits));
            (scope, What::AttemptStarted(limits), Some(input))
        }
        Event::TaskSubmitted { scope, output, .. } => (scope, What::Submitted, Some(output)),
        Event::TaskSucceeded { scope, output, .. } => (scope, What::AttemptSucceeded, Some(output)),
        Event::TaskFailed { scope, error, .. } => (scope, What::AttemptFailed(failed(error)), None),
        Event::RetryScheduled { scope, .. } => (scope, What::Retried, None),
        Event::BranchesStarted { scope, state, branches, .. } => {
            (scope, What::BranchesStarted(state, branches), None)
        }
        Event::BranchStarted { scope, .. } => {
            let branch = scope.branch()?;
            (scope, What::BranchStarted(number(branch.outer()), branch.index), None)
        }
        Event::BranchSucceeded { scope, output, .. } => {
            (scope, What::BranchSucceeded, Some(output))
        }
        Event::BranchFailed { scope, .. } => (scope, What::BranchFailed, None),
        Event::BranchesSucceeded { scope, .. } => (scope, What::BranchesSucceeded, None),
        Event::BranchesFailed { scope, .. } => (scope, What::BranchesFailed, None),
        Event::ErrorCaught { .. } | Event::ExecutionSuspended { .. } => return None,
    })
}

/// Whether an execution may have waited before an event of a branch, since the last thing that happened.
const fn may_have_waited(event: &Event<'_>, branch: u32, last: &Happened) -> bool {
    match event {
        Event::TaskScheduled { visit, .. } => visit.retry_count() > 0,
        Event::StateExited { state, .. } => matches!(state.kind, Kind::Wait(_)),
        // The first states of branches are entered one after the other.
        Event::StateEntered { .. } => {
            last.branch != branch
                && !matches!(last.what, What::BranchStarted(..) | What::BranchSucceeded)
        }
        Event::VariablesAssigned { .. }
        | Event::BranchesStarted { .. }
        | Event::BranchStarted { .. }
        | Event::BranchSucceeded { .. }
        | Event::BranchesSucceeded { .. }
        | Event::ExecutionSucceeded { .. } => false,
        _ => true,
    }
}

/// Tells what has happened, in order.
struct Telling {
    history: HistoryBuilder,
    /// The scopes of branches and items, by their numbers.
    scopes: HashMap<u32, u32>,
    /// What the state that a scope is in has assigned.
    assigned: HashMap<u32, Json>,
}

impl Telling {
    fn tell(&mut self, happened: &Happened, payload: Option<Json>) {
        let Happened { time, branch, what, .. } = happened;
        let time = Timestamp::from_millisecond(*time).unwrap_or(Timestamp::MAX);
        let (scope, history) = (scope(&self.scopes, *branch), &mut self.history);
        match what {
            What::Started => history.started(time, payload.unwrap_or_default()),
            What::Succeeded => history.succeeded(time, payload),
            What::Failed(error) if error.state.is_none() && error.error == STATES_TIMEOUT => {
                history.timed_out(time, error);
            }
            What::Failed(error) => history.failed(time, error),
            What::Aborted => history.aborted(time, &ErrorOutput::new("", "")),
            What::Entered(state) => {
                history.entered(scope, time, state.name, state.kind.name(), payload);
            }
            What::Assigned(names) => {
                let variables = assigned(names, &payload.unwrap_or_default());
                self.assigned.insert(scope, variables);
            }
            What::Exited => history.exited(scope, time, payload, self.assigned.remove(&scope)),
            What::AttemptStarted(limits) => {
                let limits = limits.as_deref().copied().unwrap_or_default();
                history.attempt_started(scope, time, payload, limits);
            }
            What::Submitted => history.submitted(scope, time, payload),
            What::AttemptSucceeded => history.attempt_succeeded(scope, time, payload),
            What::AttemptFailed(error) => history.attempt_failed(scope, time, error),
            What::Retried => history.retried(scope),
            What::BranchesStarted(state, branches) => {
                history.forked(scope, time, *branches, state.is_distributed());
            }
            What::BranchStarted(outer, index) => {
                let outer = self::scope(&self.scopes, *outer);
                let begun = history.branch_started(outer, time, *index);
                self.scopes.insert(*branch, begun);
            }
            What::BranchSucceeded => history.branch_succeeded(scope, time, payload),
            What::BranchFailed => history.branch_failed(scope, time),
            What::BranchesSucceeded => history.joined(scope, time, false),
            What::BranchesFailed => history.joined(scope, time, true),
        }
    }
}

fn scope(scopes: &HashMap<u32, u32>, branch: u32) -> u32 {
    scopes.get(&branch).copied().unwrap_or_default()
}

fn number(scope: Scope<'_>) -> u32 {
    scope.branch().map_or(0, |branch| branch.number)
}

fn address(execution: &Execution) -> usize {
    std::ptr::from_ref(execution).addr()
}
