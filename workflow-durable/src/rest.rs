//! Whether an execution does nothing but wait, so that it can leave memory, and until when.

use std::collections::BTreeMap;
use std::time::Duration;

use workflow_core::definition::{State, StateMachine};
use workflow_core::{Definition, Heartbeat};

use crate::progress::{Attempt, Progress, Scope, Visit};

/// The time of what waits for no time.
const NEVER: i64 = i64::MAX;

/// The heartbeats of attempts that wait for their task tokens, by their machines.
pub(crate) type Heartbeats = BTreeMap<u32, Heartbeat>;

/// What is known of an execution besides its progress.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'h> {
    /// What time it is, in milliseconds since 1970.
    pub(crate) now: i64,
    /// The heartbeats of one that is in memory, and has been polled since it came there.
    pub(crate) heartbeats: Option<&'h Heartbeats>,
}

impl Watch<'_> {
    /// Until when an attempt may be silent. Where no heartbeat is known, that begins now.
    fn silent_until(self, machine: u32, interval: u32) -> i64 {
        let heartbeat = self.heartbeats.and_then(|heartbeats| heartbeats.get(&machine));
        let silent = heartbeat.map_or(Duration::ZERO, |heartbeat| heartbeat.last().elapsed());
        ends(self.now, Some(Duration::from_secs(interval.into()).saturating_sub(silent)))
    }
}

impl Progress {
    /// Until when nothing happens in the execution unless somebody comes for it, in milliseconds since 1970; `Some(None)` where no time is
    /// waited for; `None` where something is under way.
    ///
    /// Of an execution that is in memory, and has been polled since, it is known that a branch that has not begun may not, and since when
    /// attempts are silent; of one that is read it is not.
    pub(crate) fn rests(
        &self,
        definition: &'static Definition,
        watch: Watch<'_>,
    ) -> Option<Option<i64>> {
        let outer = ends(self.driven, definition.timeout);
        let inner = self.machine_rests(0, &definition.machine, watch)?;
        let until = inner.min(outer);
        Some((until != NEVER).then_some(until))
    }

    fn machine_rests(
        &self,
        number: u32,
        machine: &'static StateMachine,
        watch: Watch<'_>,
    ) -> Option<i64> {
        let scope = self.scopes.get(&number)?;
        let visit = scope.visit.as_ref()?;
        let state = machine.states.iter().find(|state| state.name == visit.state)?;
        if let Some(attempt) = visit.attempt.as_ref().filter(|_| !visit.has_begun_branches()) {
            return attempt.rests(number, watch);
        }
        match &visit.branches {
            Some(branches) if !branches.is_empty() => {
                let until = self.branches_rest(visit, branches, state, watch)?;
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
        watch: Watch<'_>,
    ) -> Option<i64> {
        let is_read = watch.heartbeats.is_none();
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
            let until = self.machine_rests(*number, inner, watch)?.min(nested_end(scope, state));
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
    /// An attempt rests whose call has ended, and that waits for its task token.
    fn rests(&self, machine: u32, watch: Watch<'_>) -> Option<i64> {
        let (_, heartbeat) = self.limits;
        let silent = heartbeat.map_or(NEVER, |interval| watch.silent_until(machine, interval));
        let is_waiting = self.is_submitted && self.callback.is_none();
        is_waiting.then(|| self.times_out().min(silent))
    }

    /// When the call of a workflow is over its timeout; `None` where it is watched for heartbeats, which nobody sends.
    fn end(&self) -> Option<i64> {
        let (_, heartbeat) = self.limits;
        heartbeat.is_none().then(|| self.times_out())
    }

    fn times_out(&self) -> i64 {
        let (timeout, _) = self.limits;
        ends(self.started, timeout.map(|seconds| Duration::from_secs(seconds.into())))
    }
}
