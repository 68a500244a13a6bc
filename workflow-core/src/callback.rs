//! Tasks that wait until somebody sends their task token back: ASL's `.waitForTaskToken`.

use std::marker::PhantomData;

use crate::data::Data;
use crate::engine::Engine;
use crate::error::{ErrorNames, ErrorOutput, Failed, TaskError};
use crate::task::{Attempt, Resources, Signature, Task};
use crate::task_token::TaskTokenError;

/// What a state takes that waits for its task token.
#[derive(Debug, Clone, Copy)]
pub struct Awaited {
    /// Whether text is the JSON of its result.
    pub accepts: fn(&str) -> Result<(), TaskTokenError>,
}

impl Awaited {
    /// Takes a type.
    #[must_use]
    pub const fn of<O: Data>() -> Self {
        Self { accepts: accepts::<O> }
    }
}

fn accepts<O: Data>(output: &str) -> Result<(), TaskTokenError> {
    let read = serde_json::from_str::<O>(output).map(drop);
    read.map_err(|error| TaskTokenError::InvalidOutput(error.to_string()))
}

/// A task that calls `T`, and then waits until its task token is sent back with an `O`: what `wait_for_task_token: O` makes of the
/// task of a state.
///
/// What `T` gives back is only told in the history.
#[derive(Debug)]
pub struct WaitForTaskToken<T, O>(PhantomData<(T, O)>);

impl<T: Task, O: Data> Task for WaitForTaskToken<T, O> {
    const SIGNATURE: &'static Signature = T::SIGNATURE;
    type Input = T::Input;
    type Output = O;
    type Error = CallbackError<T::Error>;
    type Resources = T::Resources;
    const AWAITS: Option<Awaited> = Some(Awaited::of::<O>());

    async fn call(
        resources: <T::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: T::Input,
    ) -> Result<O, CallbackError<T::Error>> {
        T::call(resources, attempt, input).await.map_err(CallbackError::Function)?;
        Err(CallbackError::Sent(*no_tokens()))
    }

    async fn invoke<E: Engine>(
        engine: &E,
        resources: <T::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: T::Input,
    ) -> Result<O, Failed> {
        engine.callback(attempt, T::invoke(engine, resources, attempt, input)).await
    }
}

/// What a state fails with that waits where nobody can send a token back.
#[cold]
pub(crate) fn no_tokens() -> Failed {
    ErrorOutput::runtime(
        "the state waits for a task token, and the engine has none: give it some with `InProcess::task_tokens`".to_owned(),
    )
}

/// What a task can raise that waits for its token: the errors of the function, and whatever is sent back.
#[derive(Debug)]
pub enum CallbackError<E> {
    /// The function failed.
    Function(E),
    /// It was sent back.
    Sent(ErrorOutput),
}

impl<E: TaskError> std::fmt::Display for CallbackError<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Function(error) => error.fmt(f),
            Self::Sent(error) => f.write_str(&error.cause),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<E: TaskError> TaskError for CallbackError<E> {
    const NAMES: &'static ErrorNames =
        &ErrorNames { name: "CallbackError", variants: &[], others: &[E::NAMES], open: true };

    fn name(&self) -> &str {
        match self {
            Self::Function(error) => error.name(),
            Self::Sent(error) => &error.error,
        }
    }

    fn into_error_output(self) -> Failed {
        match self {
            Self::Function(error) => error.into_error_output(),
            Self::Sent(error) => Box::new(error),
        }
    }
}
