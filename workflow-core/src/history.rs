//! What has happened in an execution, as AWS tells it: [`HistoryEvent`], and the listener [`History`] that keeps it in memory.
//!
//! How events are made of what is told is in `history/builder.rs`, what they say of how a task is reached in `history/reached.rs`, and
//! what is kept until somebody asks in `history/noted.rs`.

mod builder;
mod noted;
mod reached;

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::data::Json;
use crate::event::Event;
use crate::listener::Listener;
pub use builder::HistoryBuilder;
use noted::Noted;

/// An event. AWS's `HistoryEvent`.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u64,
    /// The number of the event that it follows from; 0 for the first two.
    pub previous: u64,
    /// AWS's name for what happened, such as `TaskStateEntered`.
    pub kind: String,
    /// When, to the millisecond.
    pub timestamp: Timestamp,
    /// What AWS tells of it, with payloads as JSON; an empty object for an event without details.
    pub details: Json,
}

/// A listener that keeps what happens in memory, and tells it as AWS's `GetExecutionHistory` does: the same event types, ids,
/// previous ids and details.
///
/// All is kept until the history is dropped, with its data as JSON, so give each execution one of its own. What a workflow calls
/// as a task has a history of its own here as on AWS; an item of a distributed Map is told of by the run of the Map alone. An engine
/// that keeps a journal has whole histories itself: here an execution that leaves memory and comes back begins anew.
///
/// # Example
///
/// A test says what a workflow has to do:
///
/// ```
/// use workflow_core::{History, InProcess, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let history = History::new();
/// InProcess::new(()).listener(&history).run::<Greeting>("Ada".to_owned()).await?;
///
/// let events = history.events();
/// let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
/// assert_eq!(kinds, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
/// assert_eq!(events[2].details["output"], "Hello, Ada!");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct History {
    executions: Mutex<Vec<Noted>>,
}

/// The history of one execution.
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionHistory {
    /// The name of its workflow.
    pub workflow: &'static str,
    /// Its name, if it was given one or somebody asked for it: one without is given a random one when it is asked for.
    pub name: Option<String>,
    /// What has happened, in order.
    pub events: Vec<HistoryEvent>,
}

impl History {
    /// Makes a history in which nothing has happened yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { executions: Mutex::new(Vec::new()) }
    }

    /// Returns the events of the execution that started first, up to now; none before it starts.
    #[must_use]
    pub fn events(&self) -> Vec<HistoryEvent> {
        self.noted().first().map(Noted::events).unwrap_or_default()
    }

    /// Returns the history of each execution, in the order in which they started: that of one that is called as a task comes after
    /// that of its caller.
    #[must_use]
    pub fn executions(&self) -> Vec<ExecutionHistory> {
        self.noted().iter().map(Noted::history).collect()
    }

    fn noted(&self) -> MutexGuard<'_, Vec<Noted>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for History {
    fn on(&self, event: &Event<'_>) {
        let execution = event.execution();
        let mut executions = self.noted();
        if let Event::ExecutionStarted { .. } = event {
            executions.push(Noted::of(execution));
        }
        if let Some(noted) = executions.iter_mut().rev().find(|noted| noted.is_of(execution)) {
            noted.note(execution, event);
        }
    }
}
