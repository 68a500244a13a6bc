//! Errors of an execution: their names, the error output that a catcher sees, and the trait of a task's error type.
//!
//! Section "Errors" of the States Language. The name of an error decides which retriers and catchers take it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Data;

/// The error name that stands for every error but those nobody can catch.
pub const STATES_ALL: &str = "States.ALL";
/// The error name that stands for every error but a timeout.
pub const STATES_TASK_FAILED: &str = "States.TaskFailed";
/// A task, or the execution, took longer than its timeout.
pub const STATES_TIMEOUT: &str = "States.Timeout";
/// A task sent no heartbeat for longer than its interval.
pub const STATES_HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
/// The data did not have what a state asks of them. Nothing catches it.
pub const STATES_RUNTIME: &str = "States.Runtime";
/// Data are larger than allowed. `States.ALL` does not catch it.
pub const STATES_DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
/// No rule of a Choice state holds, and it has no default.
pub const STATES_NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";

/// What an error has to say: a name and a cause. It is the input of the state that a catcher goes to, as
/// `{ "Error": ..., "Cause": ... }`.
///
/// # Example
///
/// ```
/// use workflow_core::ErrorOutput;
///
/// let error = ErrorOutput::new("PaymentError.Declined", "the card is expired");
/// assert_eq!(serde_json::to_string(&error)?, r#"{"Error":"PaymentError.Declined","Cause":"the card is expired"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
pub struct ErrorOutput {
    /// The name of the error.
    #[serde(rename = "Error")]
    pub error: String,
    /// What happened, for a person; empty where nobody said it.
    #[serde(rename = "Cause", default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// The state that failed, once it is known.
    #[serde(skip)]
    pub state: Option<&'static str>,
}

/// An error output on its way through generated code: boxed, so that results are small while all goes well.
pub type Failed = Box<ErrorOutput>;

impl ErrorOutput {
    /// Makes an error output.
    #[must_use]
    #[cold]
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Failed {
        Box::new(Self { error: error.into(), cause: cause.into(), state: None })
    }

    /// Makes a `States.Runtime` error, which nothing catches.
    #[must_use]
    #[cold]
    pub fn runtime(cause: impl Into<String>) -> Failed {
        Self::new(STATES_RUNTIME, cause)
    }

    /// Makes the `States.Timeout` error of an execution that has taken longer than the timeout of its workflow.
    #[must_use]
    #[cold]
    pub fn execution_timed_out() -> Failed {
        Self::new(STATES_TIMEOUT, "the execution took longer than its timeout")
    }

    /// The same error, said of a state unless a state inside has said it of itself.
    #[must_use]
    #[cold]
    pub fn in_state(mut self: Box<Self>, state: &'static str) -> Failed {
        self.state.get_or_insert(state);
        self
    }

    /// Whether a retrier or catcher with these names takes the error.
    ///
    /// `States.ALL` takes all but `States.Runtime`; `States.TaskFailed` moreover leaves `States.Timeout`.
    #[must_use]
    pub fn is_one_of(&self, error_equals: &[&str]) -> bool {
        self.error != STATES_RUNTIME
            && error_equals.iter().any(|name| match *name {
                STATES_ALL => true,
                STATES_TASK_FAILED => self.error != STATES_TIMEOUT,
                name => self.error == name,
            })
    }
}

impl fmt::Display for ErrorOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)?;
        if !self.cause.is_empty() {
            write!(f, ": {}", self.cause)?;
        }
        Ok(())
    }
}

impl std::error::Error for ErrorOutput {}

/// The error type of a task: what it can raise, by name. Derive it on an enum.
///
/// A variant's error name is `Enum.Variant`, or what `#[task_error(name = "...")]` says; a variant with
/// `#[task_error(transparent)]` holds another error type and raises its names. The cause is what `Display` writes.
///
/// # Example
///
/// ```
/// use workflow_core::{LambdaError, TaskError};
///
/// #[derive(Debug, TaskError)]
/// enum PaymentError {
///     Declined,
///     #[task_error(name = "Bank.Closed")]
///     BankClosed,
///     #[task_error(transparent)]
///     Lambda(LambdaError),
/// }
/// # impl std::fmt::Display for PaymentError {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{self:?}") }
/// # }
///
/// assert_eq!(PaymentError::Declined.name(), "PaymentError.Declined");
/// assert_eq!(PaymentError::BankClosed.name(), "Bank.Closed");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the error type of a task: it does not implement `TaskError`",
    label = "an enum of yours with `#[derive(Debug, workflow_core::TaskError)]` and `Display` does"
)]
pub trait TaskError: fmt::Display + Send + Sized + 'static {
    /// The errors that a value of the type can stand for.
    const NAMES: &'static ErrorNames;

    /// Returns the name of this error.
    fn name(&self) -> &str;

    /// Returns the error output.
    #[cold]
    fn into_error_output(self) -> Failed {
        ErrorOutput::new(self.name(), self.to_string())
    }
}

/// The error names that a task can raise.
#[derive(Debug, Clone, Copy)]
pub struct ErrorNames {
    /// The type that raises them, as a user writes it.
    pub name: &'static str,
    /// The variants of the type, each with the error name it raises.
    pub variants: &'static [ErrorVariant],
    /// Other types whose errors can be raised as well.
    pub others: &'static [&'static ErrorNames],
    /// Whether names can be raised that are not known while compiling.
    pub open: bool,
}

/// A variant of an error type.
#[derive(Debug, Clone, Copy)]
pub struct ErrorVariant {
    /// Its name in Rust; empty for a name that no variant stands for.
    pub rust_name: &'static str,
    /// The error name that it raises.
    pub error_name: &'static str,
}

/// An error whose name is only known when it is raised: a task that returns it can raise any error.
#[diagnostic::do_not_recommend]
impl TaskError for ErrorOutput {
    const NAMES: &'static ErrorNames =
        &ErrorNames { name: "ErrorOutput", variants: &[], others: &[], open: true };

    fn name(&self) -> &str {
        &self.error
    }

    fn into_error_output(self) -> Failed {
        Box::new(self)
    }
}

/// The error type of a task that cannot fail.
#[diagnostic::do_not_recommend]
impl TaskError for std::convert::Infallible {
    const NAMES: &'static ErrorNames =
        &ErrorNames { name: "Infallible", variants: &[], others: &[], open: false };

    fn name(&self) -> &str {
        match *self {}
    }
}

/// The errors that AWS Lambda raises itself, beside those of the function.
///
/// A task returns them where the service it calls has failed, so that a workflow retries them as on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LambdaError {
    /// `Lambda.ServiceException`: the service failed.
    ServiceException(String),
    /// `Lambda.AWSLambdaException`: the service answered with an error.
    AwsLambdaException(String),
    /// `Lambda.SdkClientException`: the service could not be reached.
    SdkClientException(String),
    /// `Lambda.TooManyRequestsException`: the service was called too often.
    TooManyRequestsException(String),
    /// `Lambda.Unknown`: the function ended without an answer.
    Unknown(String),
}

impl fmt::Display for LambdaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceException(cause)
            | Self::AwsLambdaException(cause)
            | Self::SdkClientException(cause)
            | Self::TooManyRequestsException(cause)
            | Self::Unknown(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for LambdaError {}

#[diagnostic::do_not_recommend]
impl TaskError for LambdaError {
    const NAMES: &'static ErrorNames = &ErrorNames {
        name: "LambdaError",
        variants: &[
            ErrorVariant { rust_name: "ServiceException", error_name: "Lambda.ServiceException" },
            ErrorVariant {
                rust_name: "AwsLambdaException",
                error_name: "Lambda.AWSLambdaException",
            },
            ErrorVariant {
                rust_name: "SdkClientException",
                error_name: "Lambda.SdkClientException",
            },
            ErrorVariant {
                rust_name: "TooManyRequestsException",
                error_name: "Lambda.TooManyRequestsException",
            },
            ErrorVariant { rust_name: "Unknown", error_name: "Lambda.Unknown" },
        ],
        others: &[],
        open: false,
    };

    fn name(&self) -> &str {
        match self {
            Self::ServiceException(_) => "Lambda.ServiceException",
            Self::AwsLambdaException(_) => "Lambda.AWSLambdaException",
            Self::SdkClientException(_) => "Lambda.SdkClientException",
            Self::TooManyRequestsException(_) => "Lambda.TooManyRequestsException",
            Self::Unknown(_) => "Lambda.Unknown",
        }
    }
}
