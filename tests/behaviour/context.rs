//! The context object, and the context that a task receives.

use std::sync::Mutex;

use serde_json::json;
use workflow_core::{InProcess, Json, LambdaError, TaskContext, Timestamp, task, workflow};

#[derive(Debug, Default)]
struct Keys(Mutex<Vec<String>>);

#[task]
async fn note(keys: &Keys, failures: u32, ctx: TaskContext) -> Result<u32, LambdaError> {
    keys.0.lock().unwrap().push(ctx.idempotency_key().to_owned());
    if ctx.retry_count() < failures {
        return Err(LambdaError::Unknown(String::new()));
    }
    Ok(ctx.retry_count())
}

#[task]
async fn who(ctx: TaskContext) -> Vec<String> {
    vec![ctx.execution().to_owned(), ctx.state().to_owned(), ctx.retry_count().to_string()]
}

#[tokio::test]
async fn the_context_object_tells_of_the_execution_and_the_state() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass {
            output: {
                "id": $$.Execution.Id,
                "name": $$.Execution.Name,
                "input": $$.Execution.Input,
                "a": $$.Execution.Input.a,
                "state": $$.State.Name,
                "retries": $$.State.RetryCount,
                "machine": $$.StateMachine.Name,
                "machine_id": $$.StateMachine.Id,
            },
            end,
        }
    }
    let output = InProcess::new(()).name("first").run::<Flow>(json!({ "a": 1 })).await.unwrap();
    assert_eq!(
        output,
        json!({
            "id": "Flow:first", "name": "first", "input": { "a": 1 }, "a": 1, "state": "A", "retries": 0,
            "machine": "Flow", "machine_id": "Flow",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn the_context_object_tells_when_it_began() {
    workflow! {
        Flow(Json) -> Vec<Timestamp>;
        A: Pass { assign: { first: $$.State.EnteredTime }, next: B }
        B: Wait { seconds: 60, next: C }
        C: Pass { output: [$$.Execution.StartTime, $first, $$.State.EnteredTime], end }
    }
    let times = Flow::run(json!({})).await.unwrap();
    assert!(times[0] <= times[1]);
    assert_eq!(times[2].duration_since(times[1]).as_secs(), 60);
}

#[tokio::test]
async fn the_input_of_the_execution_is_seen_in_branches_and_items() {
    workflow! {
        Flow(Vec<i64>) -> Json;
        Drop: Pass { output: null, next: Fan }
        Fan: Parallel {
            branches: [
                { A: Pass { output: $$.Execution.Input[0], end } },
                { Each: Map { items: $$.Execution.Input, item_processor: { B: Pass { output: [$, $$.Execution.Input[1]], end } }, end } },
            ],
            end,
        }
    }
    assert_eq!(Flow::run(vec![1, 2]).await.unwrap(), json!([1, [[1, 2], [2, 2]]]));
}

#[tokio::test(start_paused = true)]
async fn the_retry_count_is_seen_in_the_arguments_of_a_task() {
    workflow! {
        Flow(&Keys, u32) -> Json;
        A: Task { call: note($), retry: { error_equals: ["States.ALL"] }, next: B }
        B: Pass { output: $, end }
    }
    assert_eq!(Flow::run(&Keys::default(), 2).await.unwrap(), json!(2));
}

#[tokio::test(start_paused = true)]
async fn an_idempotency_key_is_the_same_over_retries_and_differs_between_visits() {
    workflow! {
        Flow(&Keys, u32) -> u32;
        A: Task { call: note($), retry: { error_equals: ["States.ALL"] }, next: More }
        More: Choice { $ > 0 => Again, _ => Done }
        Again: Pass { output: $ - 1, next: A }
        Done: Succeed {}
    }
    let keys = Keys::default();
    Flow::run(&keys, 1).await.unwrap();
    let keys = keys.0.into_inner().unwrap();
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[tokio::test]
async fn idempotency_keys_differ_between_items_and_between_executions() {
    workflow! {
        Flow(&Keys, Vec<u32>) -> Vec<u32>;
        Each: Map { items: $, item_processor: { A: Task { call: note($), end } }, end }
    }
    let keys = Keys::default();
    Flow::run(&keys, vec![0, 0]).await.unwrap();
    Flow::run(&keys, vec![0]).await.unwrap();
    let keys = keys.0.into_inner().unwrap();
    assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2], "{keys:?}");
}

#[tokio::test]
async fn a_task_knows_its_execution_and_its_state() {
    workflow! {
        Flow(Json) -> Vec<String>;
        "Ask it": Task { call: who(), end }
    }
    let told = InProcess::new(()).name("x").run::<Flow>(json!({})).await.unwrap();
    assert_eq!(told, ["Flow:x", "Ask it", "0"]);
}
