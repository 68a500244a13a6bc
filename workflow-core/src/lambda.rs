//! The other way to reach a function: through the service integration `lambda:invoke`, which wraps its result.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::Data;
use crate::definition::Definition;
use crate::engine::Engine;
use crate::error::{ErrorNames, ErrorOutput, Failed, LambdaError, TaskError};
use crate::task::{Attempt, Resources, Signature, Task};

/// A task that calls another one as AWS's `arn:aws:states:::lambda:invoke` does: its result is an [`Invoke`].
///
/// # Example
///
/// ```
/// use workflow_core::{task, workflow};
///
/// #[task]
/// async fn stock(book: String) -> u32 {
///     if book == "343222" { 20 } else { 0 }
/// }
///
/// workflow! {
///     pub Stock(String) -> u32;
///     CheckInventory: Task { call: lambda::invoke(stock($)), output_path: $.Payload, end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// assert_eq!(Stock::run("343222".to_owned()).await?, 20);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "it is called like a function")]
pub struct invoke<T>(PhantomData<T>);

impl<T: Task> Task for invoke<T> {
    const SIGNATURE: &'static Signature = T::SIGNATURE;
    type Input = T::Input;
    type Output = Invoke<T::Output>;
    type Error = InvokeError<T::Error>;
    type Resources = T::Resources;
    const WORKFLOW: Option<fn() -> &'static Definition> = T::WORKFLOW;

    async fn call(
        resources: <T::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: T::Input,
    ) -> Result<Invoke<T::Output>, InvokeError<T::Error>> {
        T::call(resources, attempt, input).await.map(Invoke::new).map_err(InvokeError::Function)
    }

    async fn invoke<E: Engine>(
        engine: &E,
        resources: <T::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: T::Input,
    ) -> Result<Invoke<T::Output>, Failed> {
        T::invoke(engine, resources, attempt, input).await.map(Invoke::new)
    }
}

/// What `lambda:invoke` gives back: the function's result, and what the service says of the call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Invoke<T> {
    /// The version of the function that ran.
    pub executed_version: String,
    /// The result of the function.
    pub payload: T,
    /// What the service says of its answer.
    pub sdk_http_metadata: SdkHttpMetadata,
    /// The status of the call: 200.
    pub status_code: u16,
}

/// What the Lambda service says of its answer. Of what AWS has here, only the status means something in the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct SdkHttpMetadata {
    /// The status of the answer: 200.
    pub http_status_code: u16,
}

impl<T> Invoke<T> {
    /// Wraps the result of a function.
    pub fn new(payload: T) -> Self {
        Self {
            executed_version: "$LATEST".to_owned(),
            payload,
            sdk_http_metadata: SdkHttpMetadata { http_status_code: 200 },
            status_code: 200,
        }
    }
}

/// What a call through `lambda:invoke` can raise: the errors of the function, and those of the service.
#[derive(Debug)]
pub enum InvokeError<E> {
    /// The function failed.
    Function(E),
    /// The service failed.
    Service(LambdaError),
}

impl<E: TaskError> std::fmt::Display for InvokeError<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Function(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<E: TaskError> TaskError for InvokeError<E> {
    const NAMES: &'static ErrorNames = &ErrorNames {
        name: "InvokeError",
        variants: &[],
        others: &[E::NAMES, LambdaError::NAMES],
        open: false,
    };

    fn name(&self) -> &str {
        match self {
            Self::Function(error) => error.name(),
            Self::Service(error) => error.name(),
        }
    }

    fn into_error_output(self) -> Failed {
        match self {
            Self::Function(error) => error.into_error_output(),
            Self::Service(error) => ErrorOutput::new(error.name(), error.to_string()),
        }
    }
}
