//! What is known of executions, and how they are listed.

use std::fmt;
use std::str::FromStr;

use workflow_core::{ErrorOutput, Timestamp};

use crate::progress::Outcome;

/// What is known of an execution. AWS's `DescribeExecution`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Its id: the names of the workflow and of the execution, with a colon between.
    pub id: String,
    /// The name of the workflow.
    pub workflow: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: Status,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// Its input, as JSON.
    pub input: String,
    /// Its output, as JSON, once it has succeeded.
    pub output: Option<String>,
    /// What it failed or was stopped with.
    pub error: Option<ErrorOutput>,
    /// Why it runs no further, where it is stored under another definition of its workflow and does not fit this one.
    pub misfit: Option<String>,
}

/// What a list tells of an execution. AWS's `ExecutionListItem`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// Its id: the names of the workflow and of the execution, with a colon between.
    pub id: String,
    /// The name of the workflow.
    pub workflow: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: Status,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Option<Timestamp>,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// AWS's `RUNNING`.
    Running,
    /// AWS's `SUCCEEDED`.
    Succeeded,
    /// AWS's `FAILED`.
    Failed,
    /// AWS's `TIMED_OUT`: it took longer than the timeout of its workflow.
    TimedOut,
    /// AWS's `ABORTED`: it was stopped.
    Aborted,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Running, Self::Succeeded, Self::Failed, Self::TimedOut, Self::Aborted];

    pub(crate) const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Succeeded(_) => Self::Succeeded,
            Outcome::Failed(_) => Self::Failed,
            Outcome::TimedOut(_) => Self::TimedOut,
            Outcome::Aborted(_) => Self::Aborted,
        }
    }

    /// Returns AWS's name of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

/// Writes AWS's name.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads AWS's name.
///
/// ```
/// use workflow_durable::Status;
///
/// assert_eq!("TIMED_OUT".parse(), Ok(Status::TimedOut));
/// assert_eq!("late".parse::<Status>().unwrap_err().to_string(), "unknown status `late`");
/// ```
impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(name: &str) -> Result<Self, UnknownStatus> {
        let known = Self::ALL.into_iter().find(|status| status.name() == name);
        known.ok_or_else(|| UnknownStatus(name.to_owned()))
    }
}

/// A text is no name of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownStatus(String);

impl fmt::Display for UnknownStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown status `{}`", self.0)
    }
}

impl std::error::Error for UnknownStatus {}

/// Which executions are listed. AWS's `ListExecutions`.
///
/// # Example
///
/// ```
/// use workflow_durable::{List, Status};
///
/// let failed = List { status: Some(Status::Failed), most: 20, ..List::default() };
/// assert_eq!(failed.after, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Those of this workflow alone.
    pub workflow: Option<String>,
    /// Those that stand so alone.
    pub status: Option<Status>,
    /// How many at most.
    pub most: usize,
    /// Those after this page: its [`next`](Page::next).
    pub after: Option<String>,
}

impl Default for List {
    fn default() -> Self {
        Self { workflow: None, status: None, most: 100, after: None }
    }
}

/// A page of a list, those that were started last first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The executions.
    pub executions: Vec<ListItem>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}
