//! The integration of Step Functions with itself: a state machine that starts another one and waits for its end.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use workflow_macros::Data;

use crate::definition::Definition;
use crate::engine::Engine;
use crate::error::{ErrorOutput, Failed, STATES_TASK_FAILED};
use crate::machine::Workflow;
use crate::task::{Attempt, Resources, Signature, Task};

/// A workflow as `arn:aws:states:::states:startExecution.sync:2` runs it: its output comes in an [`Execution`], and it fails with
/// `States.TaskFailed`. In a definition of ASL it stands for that resource where the table `resources` maps its `StateMachineArn`.
///
/// # Example
///
/// ```
/// use workflow_core::{Json, workflow};
///
/// workflow! {
///     Greet(Json) -> Json;
///     Greet: Pass { output: { "text": "hello" }, end }
/// }
///
/// workflow! {
///     Outer(Json) -> Json;
///     asl: {
///         "StartAt": "Call",
///         "States": {
///             "Call": {
///                 "Type": "Task",
///                 "Resource": "arn:aws:states:::states:startExecution.sync:2",
///                 "Parameters": { "StateMachineArn": "greet", "Input.$": "$" },
///                 "OutputPath": "$.Output.text",
///                 "End": true
///             }
///         }
///     }
///     resources: { "greet" => Greet }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// assert_eq!(Outer::run(serde_json::json!({})).await?, "hello");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "it is called like a function")]
pub struct start_execution<W>(PhantomData<W>);

/// What `startExecution.sync:2` gives back of an execution that has succeeded. Of what AWS has here, this is what means something
/// in the process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Execution<T> {
    /// The output of the execution.
    pub output: T,
    /// How it has ended: `SUCCEEDED`.
    pub status: String,
}

impl<T> Execution<T> {
    fn succeeded(output: T) -> Self {
        Self { output, status: "SUCCEEDED".to_owned() }
    }
}

impl<W: Workflow + Task> Task for start_execution<W> {
    const SIGNATURE: &'static Signature = <W as Task>::SIGNATURE;
    type Input = <W as Task>::Input;
    type Output = Execution<<W as Task>::Output>;
    type Error = ErrorOutput;
    type Resources = <W as Task>::Resources;
    const WORKFLOW: Option<fn() -> &'static Definition> = <W as Task>::WORKFLOW;

    async fn call(
        resources: <Self::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: Self::Input,
    ) -> Result<Self::Output, ErrorOutput> {
        match <W as Task>::call(resources, attempt, input).await {
            Ok(output) => Ok(Execution::succeeded(output)),
            Err(error) => Err(*failed(&crate::error::TaskError::into_error_output(error))),
        }
    }

    async fn invoke<E: Engine>(
        engine: &E,
        resources: <Self::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: Self::Input,
    ) -> Result<Self::Output, Failed> {
        let result = <W as Task>::invoke(engine, resources, attempt, input).await;
        result.map(Execution::succeeded).map_err(|error| failed(&error))
    }
}

/// The failure of the execution, which is in the cause on AWS.
fn failed(error: &ErrorOutput) -> Failed {
    let cause =
        serde_json::json!({ "Cause": error.cause, "Error": error.error, "Status": "FAILED" });
    ErrorOutput::new(STATES_TASK_FAILED, cause.to_string())
}
