//! Why the program did not do what it was asked: the line that says so, and the exit status.

use std::error::Error as _;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use workflow_core::ExecutionError;
use workflow_core::asl::ExportError;

use crate::input::InputError;
use crate::terminal;

/// What the program failed with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no order to handle.
    Input(InputError),
    /// An order was not handled.
    Execution(ExecutionError),
    /// The result could not be written.
    Output(io::Error),
    /// The workflow calls no function of that name.
    Function(String),
    /// ASL cannot express the workflow.
    Export(ExportError),
}

impl Failure {
    /// Writes the failure to standard error, and returns the exit status.
    ///
    /// A reader of standard output that has left, as `head` does, has seen all that it wanted: that is no failure.
    pub(crate) fn report(&self) -> ExitCode {
        if self.is_broken_pipe() {
            return ExitCode::SUCCESS;
        }
        let error =
            if terminal::takes_colours() { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        // Where standard error is closed too, only the exit status is left to tell.
        let _ = writeln!(io::stderr(), "{error} {self}");
        ExitCode::from(self.status())
    }

    pub(crate) const fn status(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Function(_) => 2,
            Self::Execution(_) | Self::Output(_) | Self::Export(_) => 1,
        }
    }

    fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Execution(error) => {
                error.fmt(f)?;
                error.source().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
            Self::Function(name) => write!(f, "the workflow calls no function `{name}`"),
            Self::Export(error) => error.fmt(f),
        }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<ExecutionError> for Failure {
    fn from(error: ExecutionError) -> Self {
        Self::Execution(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_left_is_no_failure() {
        assert!(Failure::Output(io::ErrorKind::BrokenPipe.into()).is_broken_pipe());
        assert!(!Failure::Output(io::ErrorKind::StorageFull.into()).is_broken_pipe());
    }
}
