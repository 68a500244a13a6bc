//! What has happened in an execution, as AWS tells it, made of the entries of the journal when it is asked for.

use std::time::Duration;

use workflow_core::{HistoryBuilder, HistoryEvent, Limits};

use crate::entry::{Entry, Event, Text, timestamp};

/// A page of a history, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// The events.
    pub events: Vec<HistoryEvent>,
    /// What the next page comes after, if there is one.
    pub next: Option<u64>,
}

/// Tells what an entry holds.
pub(crate) fn tell(history: &mut HistoryBuilder, entry: &Entry) {
    let Entry { time, scope, event } = entry;
    let (time, scope) = (timestamp(*time), *scope);
    let json = |payload: &Option<Text>| payload.as_ref().map(Text::json);
    match event {
        Event::ExecutionStarted { input, .. } => history.started(time, input.json()),
        Event::ExecutionSucceeded { output } => history.succeeded(time, json(output)),
        Event::ExecutionFailed(failure) => history.failed(time, &failure.output()),
        Event::ExecutionTimedOut(failure) => history.timed_out(time, &failure.output()),
        Event::ExecutionAborted(failure) => history.aborted(time, &failure.output()),
        Event::ExecutionRedriven => history.redriven(time),
        Event::StateEntered { state, kind, input, .. } => {
            history.entered(scope, time, state, kind.name(), json(input));
        }
        Event::StateExited { output, assigned } => {
            history.exited(scope, time, json(output), json(assigned));
        }
        Event::RetryGranted { .. } => history.retried(scope),
        Event::WaitStarted { .. } => {}
        Event::CallbackReceived(outcome) => {
            if let Ok(output) = outcome {
                history.called_back(scope, output.json());
            }
        }
        Event::AttemptStarted { input, limits } => {
            history.attempt_started(scope, time, json(input), limits_of(*limits));
        }
        Event::TaskSubmitted { output } => history.submitted(scope, time, json(output)),
        Event::AttemptSucceeded { output } => {
            history.attempt_succeeded(scope, time, json(output));
        }
        Event::AttemptFailed(failure) => history.attempt_failed(scope, time, &failure.output()),
        Event::Forked { branches, is_distributed } => {
            history.forked(scope, time, position(*branches), *is_distributed);
        }
        Event::BranchStarted { index } => {
            history.branch_started(scope, time, position(*index));
        }
        Event::BranchSucceeded { output } => history.branch_succeeded(scope, time, json(output)),
        Event::BranchFailed(_) => history.branch_failed(scope, time),
        Event::Joined(failure) => history.joined(scope, time, failure.is_some()),
    }
}

fn limits_of((timeout, heartbeat): (Option<u32>, Option<u32>)) -> Limits {
    let limit = |seconds: Option<u32>| seconds.map(|seconds| Duration::from_secs(seconds.into()));
    Limits { timeout: limit(timeout), heartbeat: limit(heartbeat) }
}

fn position(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
