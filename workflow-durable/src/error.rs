//! Why an engine has not done what it was asked, with AWS's names.

use std::fmt;

use workflow_core::{ErrorOutput, TaskTokenError};

use crate::store::StoreError;

/// Why an engine has not done what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The name is taken: by an execution with another input, or by one that has ended. AWS's `ExecutionAlreadyExists`.
    ExecutionAlreadyExists {
        /// The name.
        name: String,
    },
    /// As many executions run as may. AWS's `ExecutionLimitExceeded`.
    ExecutionLimitExceeded,
    /// There is no such execution. AWS's `ExecutionDoesNotExist`.
    ExecutionDoesNotExist {
        /// Its id.
        id: String,
    },
    /// The execution runs, or has succeeded. AWS's `ExecutionNotRedrivable`.
    ExecutionNotRedrivable {
        /// Its id.
        id: String,
    },
    /// The workflow is not registered with the engine. AWS's `StateMachineDoesNotExist`.
    StateMachineDoesNotExist {
        /// The name of the workflow.
        workflow: String,
    },
    /// The name is empty, longer than 80 characters, or has characters that a name may not have. AWS's `InvalidName`.
    InvalidName {
        /// The name.
        name: String,
    },
    /// The input cannot be written as JSON, or is too large. AWS's `InvalidExecutionInput`.
    InvalidExecutionInput(String),
    /// The task token is not taken.
    TaskToken(TaskTokenError),
    /// The execution was stored under another definition of its workflow, and does not fit this one: it stays as it is. It goes on when the
    /// store is opened with a definition that it fits, or with a [`migration`](crate::Builder::migration); or it is stopped.
    WorkflowChanged(String),
    /// The execution has failed.
    ExecutionFailed(ErrorOutput),
    /// The store has not done what it was asked.
    Store(StoreError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExecutionAlreadyExists { name } => {
                write!(f, "an execution `{name}` has another input, or has ended")
            }
            Self::ExecutionLimitExceeded => {
                f.write_str("as many executions run as may: start it again when one has ended")
            }
            Self::ExecutionDoesNotExist { id } => write!(f, "there is no execution `{id}`"),
            Self::ExecutionNotRedrivable { id } => {
                write!(f, "`{id}` cannot be redriven: it runs, or has succeeded")
            }
            Self::StateMachineDoesNotExist { workflow } => {
                write!(f, "no workflow `{workflow}` is registered")
            }
            Self::InvalidName { name } => write!(
                f,
                "`{name}` cannot name an execution: a name has 1 to 80 letters, digits, hyphens and underscores"
            ),
            Self::InvalidExecutionInput(why) => write!(f, "the input cannot be taken: {why}"),
            Self::ExecutionFailed(output) => {
                write!(f, "the execution failed with {}: {}", output.error, output.cause)
            }
            Self::TaskToken(error) => error.fmt(f),
            Self::WorkflowChanged(why) => {
                write!(
                    f,
                    "the execution was stored under another definition of its workflow: {why}"
                )
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<TaskTokenError> for Error {
    fn from(error: TaskTokenError) -> Self {
        Self::TaskToken(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
