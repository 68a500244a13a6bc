//! Events: what happens in an execution, as a listener hears of it, and the branch or item that it happens in.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::data::Json;
use crate::definition::State;
use crate::engine::Limits;
use crate::error::ErrorOutput;
use crate::execution::Execution;
use crate::task::Visit;

/// What happened. The names follow the events of AWS's execution history.
///
/// An execution that started ends with exactly one of `ExecutionSucceeded`, `ExecutionFailed`, `ExecutionAborted` and
/// `ExecutionSuspended`, after all that it called have ended. One that was suspended starts again when it goes on, and enters the states
/// again that it was in.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are what their types say")]
pub enum Event<'a> {
    /// An execution began, by itself or as the task of another.
    ExecutionStarted { execution: &'a Execution, parent: Option<Parent<'a>>, input: Payload<'a> },
    /// A state was entered with its raw input.
    StateEntered {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        input: Payload<'a>,
    },
    /// A task was called, within limits of time.
    TaskScheduled {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        input: Payload<'a>,
        limits: Limits,
    },
    /// The call of a task that waits for its task token gave its result, and the waiting goes on.
    TaskSubmitted {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        output: Payload<'a>,
    },
    /// A task gave its result.
    TaskSucceeded {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        output: Payload<'a>,
    },
    /// A task, a branch or an item failed; a retrier or a catcher may still take the error.
    TaskFailed {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        error: &'a ErrorOutput,
    },
    /// A retrier took the error: the next attempt begins after the delay.
    RetryScheduled {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        error: &'a ErrorOutput,
        delay: Duration,
    },
    /// A catcher took the error.
    ErrorCaught {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        error: &'a ErrorOutput,
        next: &'static State,
    },
    /// A Parallel or a Map state began an attempt at its branches, or at so many items.
    BranchesStarted {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        branches: usize,
    },
    /// A branch or an item began: the innermost one of the scope.
    BranchStarted { execution: &'a Execution, scope: Scope<'a> },
    /// A branch or an item gave its output.
    BranchSucceeded { execution: &'a Execution, scope: Scope<'a>, output: Payload<'a> },
    /// A branch or an item failed.
    BranchFailed { execution: &'a Execution, scope: Scope<'a>, error: &'a ErrorOutput },
    /// The branches or items of a state succeeded.
    BranchesSucceeded { execution: &'a Execution, scope: Scope<'a>, state: &'static State },
    /// One of the branches or items of a state failed; a retrier or a catcher may still take the error.
    BranchesFailed {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        error: &'a ErrorOutput,
    },
    /// A state assigned variables. It is left next.
    VariablesAssigned {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        variables: Assigned<'a>,
    },
    /// A state was left with its effective output.
    StateExited {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        output: Payload<'a>,
    },
    /// An execution ended well.
    ExecutionSucceeded { execution: &'a Execution, output: Payload<'a> },
    /// An execution failed.
    ExecutionFailed { execution: &'a Execution, error: &'a ErrorOutput },
    /// An execution left the process, and goes on later from its store: it waits for long, or the engine shuts down.
    ExecutionSuspended { execution: &'a Execution },
    /// An execution was cancelled: its future was dropped before its end, or a task of it panicked.
    ExecutionAborted { execution: &'a Execution },
}

impl<'a> Event<'a> {
    /// Makes the event of a branch or an item that has ended.
    #[must_use]
    pub fn branch_ended<T: Serialize>(
        execution: &'a Execution,
        scope: Scope<'a>,
        result: &'a Result<T, Box<ErrorOutput>>,
    ) -> Self {
        match result {
            Ok(output) => Self::BranchSucceeded { execution, scope, output: Payload::new(output) },
            Err(error) => Self::BranchFailed { execution, scope, error },
        }
    }

    /// Makes the event of a state all of whose branches or items have succeeded, or one of them has failed.
    #[must_use]
    pub const fn branches_ended(
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        error: Option<&'a ErrorOutput>,
    ) -> Self {
        match error {
            None => Self::BranchesSucceeded { execution, scope, state },
            Some(error) => Self::BranchesFailed { execution, scope, state, error },
        }
    }

    /// Returns the execution that it happened in.
    #[must_use]
    pub const fn execution(&self) -> &'a Execution {
        match *self {
            Self::ExecutionStarted { execution, .. }
            | Self::StateEntered { execution, .. }
            | Self::TaskScheduled { execution, .. }
            | Self::TaskSubmitted { execution, .. }
            | Self::TaskSucceeded { execution, .. }
            | Self::TaskFailed { execution, .. }
            | Self::RetryScheduled { execution, .. }
            | Self::ErrorCaught { execution, .. }
            | Self::BranchesStarted { execution, .. }
            | Self::BranchStarted { execution, .. }
            | Self::BranchSucceeded { execution, .. }
            | Self::BranchFailed { execution, .. }
            | Self::BranchesSucceeded { execution, .. }
            | Self::BranchesFailed { execution, .. }
            | Self::VariablesAssigned { execution, .. }
            | Self::StateExited { execution, .. }
            | Self::ExecutionSucceeded { execution, .. }
            | Self::ExecutionFailed { execution, .. }
            | Self::ExecutionSuspended { execution }
            | Self::ExecutionAborted { execution } => execution,
        }
    }

    /// Returns whether the execution has ended with it, or left the process.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed { .. }
                | Self::ExecutionSuspended { .. }
                | Self::ExecutionAborted { .. }
        )
    }
}

/// Where an execution was called that is the task of another.
#[derive(Debug, Clone, Copy)]
pub struct Parent<'a> {
    /// The execution that called it.
    pub execution: &'a Execution,
    /// The branch or item of the state that called it.
    pub scope: Scope<'a>,
    /// The state that called it.
    pub state: &'static State,
}

/// Data of an event, written as JSON only where a listener asks for it.
#[derive(Clone, Copy)]
pub struct Payload<'a>(&'a dyn Told);

impl<'a> Payload<'a> {
    /// Makes a payload of data.
    #[must_use]
    pub fn new<T: Serialize>(value: &'a T) -> Self {
        Self(value)
    }

    /// Returns the data as JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.0.to_json()
    }

    /// Writes the data as JSON; `null` where they have none.
    pub(crate) fn write_json(&self, text: &mut Vec<u8>) {
        self.0.write_json(text);
    }
}

impl std::fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

/// What a payload is of.
trait Told {
    fn to_json(&self) -> Json;

    fn write_json(&self, text: &mut Vec<u8>);
}

impl<T: Serialize> Told for T {
    fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_else(|error| Json::String(format!("<{error}>")))
    }

    fn write_json(&self, text: &mut Vec<u8>) {
        let before = text.len();
        if serde_json::to_writer(&mut *text, self).is_err() {
            text.truncate(before);
            text.extend_from_slice(b"null");
        }
    }
}

/// Variables that a state has assigned.
#[derive(Debug, Clone, Copy)]
pub struct Assigned<'a> {
    /// Their names.
    pub names: &'static [&'static str],
    /// All variables of the machine.
    pub(crate) all: Payload<'a>,
}

impl<'a> Assigned<'a> {
    /// Names those that were assigned among the variables of a machine: its [`Variables`](crate::Machine::Variables).
    #[must_use]
    pub fn new<V: Serialize>(names: &'static [&'static str], variables: &'a V) -> Self {
        Self { names, all: Payload::new(variables) }
    }

    /// Returns an object of their values by their names.
    #[must_use]
    pub fn to_json(&self) -> Json {
        assigned(self.names, &self.all.to_json())
    }
}

/// Those of the variables of a machine that have these names.
pub(crate) fn assigned(names: &[&str], variables: &Json) -> Json {
    let value = |name: &str| variables[format!("variable_{name}")].clone();
    Json::Object(names.iter().map(|name| ((*name).to_owned(), value(name))).collect())
}

/// The branch or item that an event belongs to: which one, of which state, and what encloses it.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a>(pub Option<&'a Branch>);

/// A branch of a Parallel state or an item of a Map state, while it runs.
#[derive(Debug, Clone)]
pub struct Branch {
    /// Its number in the execution: one more than that of the branch or item that began before it, from 1.
    pub number: u32,
    /// The Parallel or Map state.
    pub state: &'static State,
    /// Its position among the branches or items, from 0.
    pub index: usize,
    outer: Option<Arc<Branch>>,
}

impl Branch {
    /// Makes what an engine keeps of a branch or an item while it runs, in the one that encloses it.
    #[must_use]
    pub fn new(number: u32, state: &'static State, index: usize, outer: Option<&Self>) -> Self {
        Self { number, state, index, outer: outer.cloned().map(Arc::new) }
    }

    /// Returns what encloses the branch or item.
    #[must_use]
    pub fn outer(&self) -> Scope<'_> {
        Scope(self.outer.as_deref())
    }
}

impl<'a> Scope<'a> {
    /// Returns the innermost branch or item, or `None` outside of any.
    #[must_use]
    pub const fn branch(&self) -> Option<&'a Branch> {
        self.0
    }

    /// Returns how many branches and items enclose the event.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.map_or(0, |branch| branch.outer().depth() + 1)
    }
}
