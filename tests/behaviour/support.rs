//! What the tests share: an error as a pair, the time that something takes, a task that
//! answers what it is given, and a listener that writes down what it hears.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;
use workflow_core::{Event, ExecutionError, Json, Listener, Scope, task};

/// The name and the cause of the error that an execution failed with.
pub(crate) fn failure<T: Debug>(result: Result<T, ExecutionError>) -> (String, String) {
    let error = result.expect_err("the execution fails");
    (error.error().to_owned(), error.cause().to_owned())
}

/// The name alone.
pub(crate) fn error_name<T: Debug>(result: Result<T, ExecutionError>) -> String {
    failure(result).0
}

/// Awaits a future, and tells how long it took on tokio's clock.
pub(crate) async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let output = future.await;
    (output, start.elapsed())
}

/// Answers what it is given.
#[task]
pub(crate) async fn echo(data: Json) -> Json {
    data
}

/// Writes down what it hears, a line an event.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<Vec<String>>);

impl Record {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The names of the states that were entered, in order.
    pub(crate) fn entered(&self) -> Vec<String> {
        let lines = self.lines();
        lines
            .iter()
            .filter_map(|line| line.split_once(" entered "))
            .map(|(state, _)| state.to_owned())
            .collect()
    }
}

impl Listener for Record {
    fn on(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(line(event));
    }
}

fn line(event: &Event<'_>) -> String {
    match event {
        Event::ExecutionStarted { execution, input, .. } => {
            format!("{} started {input:?}", execution.definition().name)
        }
        Event::StateEntered { scope, state, input, .. } => {
            format!("{}{} entered {input:?}", place(*scope), state.name)
        }
        Event::TaskScheduled { scope, state, visit, input, .. } => {
            format!("{}{} scheduled #{} {input:?}", place(*scope), state.name, visit.retry_count())
        }
        Event::TaskSucceeded { scope, state, visit, output, .. } => {
            format!("{}{} succeeded #{} {output:?}", place(*scope), state.name, visit.retry_count())
        }
        Event::TaskFailed { scope, state, visit, error, .. } => {
            format!("{}{} failed #{} {error}", place(*scope), state.name, visit.retry_count())
        }
        Event::RetryScheduled { scope, state, delay, error, .. } => {
            format!("{}{} retries after {delay:?} {error}", place(*scope), state.name)
        }
        Event::ErrorCaught { scope, state, error, next, .. } => {
            format!("{}{} caught {error} -> {}", place(*scope), state.name, next.name)
        }
        Event::BranchesStarted { scope, state, branches, .. } => {
            format!("{}{} began {branches} branches", place(*scope), state.name)
        }
        Event::BranchStarted { scope, .. } => format!("{} began", place(*scope)),
        Event::BranchSucceeded { scope, output, .. } => {
            format!("{} succeeded {output:?}", place(*scope))
        }
        Event::BranchFailed { scope, error, .. } => format!("{} failed {error}", place(*scope)),
        Event::BranchesSucceeded { scope, state, .. } => {
            format!("{}{} branches succeeded", place(*scope), state.name)
        }
        Event::BranchesFailed { scope, state, error, .. } => {
            format!("{}{} branches failed {error}", place(*scope), state.name)
        }
        Event::VariablesAssigned { scope, state, variables, .. } => {
            format!("{}{} assigned {}", place(*scope), state.name, variables.to_json())
        }
        Event::StateExited { scope, state, output, .. } => {
            format!("{}{} exited {output:?}", place(*scope), state.name)
        }
        Event::ExecutionSucceeded { execution, output } => {
            format!("{} succeeded {output:?}", execution.definition().name)
        }
        Event::ExecutionFailed { execution, error } => {
            format!("{} failed {error}", execution.definition().name)
        }
        other => format!("{other:?}"),
    }
}

/// The branches around an event: `Fan[0]/`.
fn place(scope: Scope<'_>) -> String {
    match scope.branch() {
        None => String::new(),
        Some(branch) => {
            format!("{}{}[{}]/", place(branch.outer()), branch.state.name, branch.index)
        }
    }
}
