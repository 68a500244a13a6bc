//! Why a command has not done what it was asked: the line that says so, and the exit status.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use workflow_durable::Error;

use crate::input::InputError;
use crate::terminal;

/// Why a command has not done what it was asked.
///
/// # Example
///
/// ```
/// use workflow_cli::Failure;
///
/// let failure = Failure::wrong("there is no such book");
/// assert_eq!((failure.to_string().as_str(), failure.status()), ("there is no such book", 2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    kind: Kind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    /// A reader of standard output has left, as `head` does: it has seen all that it wanted.
    Unread,
    Failed,
    Wrong,
    Running,
}

impl Failure {
    /// What the exit status of a command says, for the help of a program.
    pub const EXIT_STATUS: &str = "\
Exit status of commands:
  0  done; of `work`, that it was told to stop
  1  an execution failed, or the store cannot be read, written or reached
  2  what was given is wrong; nothing was changed
  3  `result`: the execution still runs";

    /// An execution has failed, or something around the program: the exit status is 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { kind: Kind::Failed, message: message.into() }
    }

    /// What the user gave is wrong: the exit status is 2.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self { kind: Kind::Wrong, message: message.into() }
    }

    /// An execution that was asked for its result still runs: the exit status is 3.
    pub fn running(message: impl Into<String>) -> Self {
        Self { kind: Kind::Running, message: message.into() }
    }

    /// Standard output could not be written.
    #[must_use]
    pub fn output(error: &io::Error) -> Self {
        let is_unread = error.kind() == io::ErrorKind::BrokenPipe;
        let kind = if is_unread { Kind::Unread } else { Kind::Failed };
        Self { kind, message: format!("cannot write to standard output: {error}") }
    }

    /// Returns the exit status.
    #[must_use]
    pub const fn status(&self) -> u8 {
        match self.kind {
            Kind::Unread => 0,
            Kind::Failed => 1,
            Kind::Wrong => 2,
            Kind::Running => 3,
        }
    }

    /// Writes the failure to standard error, and returns the exit status.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        if self.kind != Kind::Unread {
            let error =
                if terminal::takes_colours() { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
            // Where standard error is closed too, only the exit status is left to tell.
            let _ = writeln!(io::stderr(), "{error} {self}");
        }
        ExitCode::from(self.status())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::wrong(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Store(error) if error.is_foreign() => Self::wrong(message),
            Error::Store(_)
            | Error::ExecutionFailed(_)
            | Error::WorkflowChanged(_)
            | Error::ExecutionLimitExceeded => Self::failed(message),
            _ => Self::wrong(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_left_is_no_failure() {
        assert_eq!(Failure::output(&io::ErrorKind::BrokenPipe.into()).status(), 0);
        assert_eq!(Failure::output(&io::ErrorKind::StorageFull.into()).status(), 1);
    }

    #[test]
    fn what_the_user_gave_and_what_is_broken_have_statuses_of_their_own() {
        let unknown = Error::ExecutionDoesNotExist { id: "Orders:1".to_owned() };
        assert_eq!(Failure::from(unknown).status(), 2);
        let damaged = workflow_durable::StoreError::damaged("batch 3 is damaged");
        assert_eq!(Failure::from(Error::from(damaged)).status(), 1);
    }
}
