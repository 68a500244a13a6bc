//! A payment that fails as its input says, for the tests of retriers and catchers.

use std::fmt;

use workflow_core::{LambdaError, TaskContext, TaskError, task};

#[derive(Debug, TaskError)]
pub(crate) enum PaymentError {
    Declined,
    #[task_error(name = "Bank.Closed")]
    Closed,
    #[task_error(transparent)]
    Lambda(LambdaError),
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declined => f.write_str("the bank said no"),
            Self::Closed => f.write_str("the bank is closed"),
            Self::Lambda(error) => error.fmt(f),
        }
    }
}

/// Fails with the errors of the letters, one an attempt, then succeeds with the number of attempts before.
#[task]
pub(crate) async fn pay(errors: String, ctx: TaskContext) -> Result<u32, PaymentError> {
    match errors.chars().nth(ctx.retry_count() as usize) {
        Some('d') => Err(PaymentError::Declined),
        Some('c') => Err(PaymentError::Closed),
        Some('l') => Err(PaymentError::Lambda(LambdaError::ServiceException("busy".to_owned()))),
        _ => Ok(ctx.retry_count()),
    }
}
