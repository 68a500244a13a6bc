//! Whether an execution does nothing but wait, so that it can leave memory, and until when.

use std::collections::BTreeMap;
use std::time::Duration;

use workflow_core::Definition;
use workflow_core::definition::{State, StateMachine};

use crate::progress::{Attempt, Progress, Scope, Visit};

/// The time of what waits for no time.
const NEVER: i64 = i64::MAX;

impl Progress {
    /// Until when nothing happens in the execution unless somebody comes for it, in milliseconds since 1970; `Some(None)` where no time is
    /// waited for; `None` where something is under way.
    ///
    /// Of an execution that is in memory, and has been polled since, it is known that a branch that has not begun may not; of one that is
    /// read it is not.
    pub(crate) fn rests(
        &self,
        definition: &'static Definition,
        is_read: bool,
    ) -> Option<Option<i64>> {
        let outer = ends(self.driven, definition.timeout);
        let inner = self.machine_rests(0, &definition.machine, is_read)?;
        let until = inner.min(outer);
        Some((until != NEVER).then_some(until))
    }

    fn machine_rests(
        &self,
        number: u32,
        machine: &'static StateMachine,
        is_read: bool,
    ) -> Option<i64> {
        let scope = self.scopes.get(&number)?;
        let visit = scope.visit.as_ref()?;
        let state = machine.states.iter().find(|state| state.name == visit.state)?;
        if let Some(attempt) = visit.attempt.as_ref().filter(|_| !visit.has_begun_branches()) {
            return attempt.rests();
        }
        match &visit.branches {
            Some(branches) if !branches.is_empty() => {
                let until = self.branches_rest(visit, branches, state, is_read)?;
                // The call of a workflow is an attempt around it.
                let around = visit.attempt.as_ref().map_or(Some(NEVER), Attempt::end);
                Some(until.min(around?))
            }
            _ => visit.next_attempt.or(visit.waits_until),
        }
    }

    /// Branches rest where all of them do that have not ended, and one has not.
    fn branches_rest(
        &self,
        visit: &Visit,
        branches: &BTreeMap<u32, u32>,
        state: &'static State,
        is_read: bool,
    ) -> Option<i64> {
        if visit.has_failed || is_read && visit.has_more_branches() {
            return None;
        }
        let mut earliest = None;
        for (index, number) in branches {
            let scope = self.scopes.get(number)?;
            if scope.outcome.is_some() {
                continue;
            }
            let inner = state.inner(usize::try_from(*index).ok()?)?;
            let until = self.machine_rests(*number, inner, is_read)?.min(nested_end(scope, state));
            earliest = Some(earliest.map_or(until, |earliest: i64| earliest.min(until)));
        }
        earliest
    }
}

/// When a workflow that is called as a task times out.
fn nested_end(scope: &Scope, state: &State) -> i64 {
    let workflow_core::definition::Kind::Task(task) = &state.kind else { return NEVER };
    ends(scope.started, task.workflow.and_then(|workflow| workflow().timeout))
}

fn ends(start: i64, timeout: Option<Duration>) -> i64 {
    let timeout = timeout.map(|timeout| i64::try_from(timeout.as_millis()).unwrap_or(NEVER));
    timeout.map_or(NEVER, |timeout| start.saturating_add(timeout))
}

impl Attempt {
    /// An attempt rests whose call has ended, and that waits for its task token. One that is watched for heartbeats does not: they are told
    /// to it in memory.
    fn rests(&self) -> Option<i64> {
        if self.is_submitted && self.callback.is_none() { self.end() } else { None }
    }

    /// When it is over its timeout; `None` where it is watched for heartbeats.
    fn end(&self) -> Option<i64> {
        let (timeout, heartbeat) = self.limits;
        let timeout = timeout.map(|seconds| Duration::from_secs(seconds.into()));
        heartbeat.is_none().then(|| ends(self.started, timeout))
    }
}
