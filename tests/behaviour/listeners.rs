//! What listeners hear, and in which order.

use serde_json::json;
use workflow_core::{InProcess, Json, LambdaError, TaskContext, task, workflow};

use crate::support::{Record, error_name};

/// Fails as often as it is told.
#[task]
async fn stumble(times: u32, ctx: TaskContext) -> Result<u32, LambdaError> {
    if ctx.retry_count() < times {
        return Err(LambdaError::ServiceException("busy".to_owned()));
    }
    Ok(ctx.retry_count())
}

#[tokio::test]
async fn a_small_workflow_is_told_event_by_event() {
    workflow! {
        Flow(u32) -> Json;
        A: Pass { output: $ + 1, next: Ask }
        Ask: Choice { $ > 1 => B, _ => Done }
        B: Task { call: stumble(0), next: Done }
        Done: Succeed {}
    }
    let record = Record::default();
    InProcess::new(()).listener(&record).run::<Flow>(1).await.unwrap();
    assert_eq!(
        record.lines(),
        [
            "Flow started 1",
            "A entered 1",
            "A exited 2",
            "Ask entered 2",
            "Ask exited 2",
            "B entered 2",
            "B scheduled #0 0",
            "B succeeded #0 0",
            "B exited 0",
            "Done entered 0",
            "Done exited 0",
            "Flow succeeded 0",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn retries_and_a_catcher_are_told() {
    workflow! {
        Flow(u32) -> u32;
        A: Task {
            call: stumble($),
            retry: { error_equals: ["Lambda.ServiceException"], max_attempts: 1 },
            catch: { error_equals: ["States.ALL"], output: 7, next: Done },
            next: Done,
        }
        Done: Succeed {}
    }
    let record = Record::default();
    InProcess::new(()).listener(&record).run::<Flow>(2).await.unwrap();
    assert_eq!(
        record.lines(),
        [
            "Flow started 2",
            "A entered 2",
            "A scheduled #0 2",
            "A failed #0 Lambda.ServiceException: busy",
            "A retries after 1s Lambda.ServiceException: busy",
            "A scheduled #1 2",
            "A failed #1 Lambda.ServiceException: busy",
            "A caught Lambda.ServiceException: busy -> Done",
            "A exited 7",
            "Done entered 7",
            "Done exited 7",
            "Flow succeeded 7",
        ]
    );
}

#[tokio::test]
async fn events_say_which_branch_and_item_they_belong_to() {
    workflow! {
        Flow(Vec<u32>) -> Json;
        Fan: Parallel {
            branches: [
                { A: Pass { output: "a", end } },
                { Each: Map { items: $, item_processor: { B: Task { call: stumble($), end } }, end } },
            ],
            end,
        }
    }
    let record = Record::default();
    InProcess::new(()).listener(&record).run::<Flow>(vec![0]).await.unwrap();
    assert_eq!(
        record.lines(),
        [
            "Flow started [0]",
            "Fan entered [0]",
            "Fan began 2 branches",
            "Fan[0]/ began",
            "Fan[1]/ began",
            "Fan[0]/A entered [0]",
            "Fan[0]/A exited \"a\"",
            "Fan[0]/ succeeded \"a\"",
            "Fan[1]/Each entered [0]",
            "Fan[1]/Each began 1 branches",
            "Fan[1]/Each[0]/ began",
            "Fan[1]/Each[0]/B entered 0",
            "Fan[1]/Each[0]/B scheduled #0 0",
            "Fan[1]/Each[0]/B succeeded #0 0",
            "Fan[1]/Each[0]/B exited 0",
            "Fan[1]/Each[0]/ succeeded 0",
            "Fan[1]/Each branches succeeded",
            "Fan[1]/Each exited [0]",
            "Fan[1]/ succeeded [0]",
            "Fan branches succeeded",
            "Fan exited [\"a\",[0]]",
            "Flow succeeded [\"a\",[0]]",
        ]
    );
}

#[tokio::test]
async fn nothing_is_lost_when_the_execution_fails() {
    workflow! {
        Flow(u32) -> (u32, u32);
        Fan: Parallel {
            branches: [{ A: Task { call: stumble($), end } }, { B: Pass { end } }],
            end,
        }
    }
    let record = Record::default();
    let result = InProcess::new(()).listener(&record).run::<Flow>(1).await;
    assert_eq!(error_name(result), "Lambda.ServiceException");
    assert_eq!(
        record.lines(),
        [
            "Flow started 1",
            "Fan entered 1",
            "Fan began 2 branches",
            "Fan[0]/ began",
            "Fan[1]/ began",
            "Fan[0]/A entered 1",
            "Fan[0]/A scheduled #0 1",
            "Fan[0]/A failed #0 Lambda.ServiceException: busy",
            "Fan[0]/ failed Lambda.ServiceException: busy",
            "Fan branches failed Lambda.ServiceException: busy",
            "Flow failed Lambda.ServiceException: busy",
        ]
    );
}

#[tokio::test]
async fn a_fail_state_and_a_broken_path_are_told() {
    workflow! {
        Fails(Json) -> Json;
        A: Fail { error: "Mine", cause: "on purpose" }
    }
    workflow! {
        Broken(Json) -> Json;
        A: Pass { output: $.missing, end }
    }
    let record = Record::default();
    let engine = InProcess::new(()).listener(&record);
    engine.run::<Fails>(json!(1)).await.unwrap_err();
    engine.run::<Broken>(json!(1)).await.unwrap_err();
    assert_eq!(
        record.lines(),
        [
            "Fails started 1",
            "A entered 1",
            "Fails failed Mine: on purpose",
            "Broken started 1",
            "A entered 1",
            "Broken failed States.Runtime: Invalid path '$.missing' : No results for path: $['missing']",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_told() {
    workflow! {
        Flow(u32) -> u32;
        A: Wait { seconds: 9, end }
        timeout: 3s;
    }
    let record = Record::default();
    let error = InProcess::new(()).listener(&record).run::<Flow>(1).await.unwrap_err();
    assert_eq!(error.error(), "States.Timeout");
    let lines = record.lines();
    assert_eq!(lines[..2], ["Flow started 1", "A entered 1"]);
    assert!(lines[2].starts_with("Flow failed States.Timeout"), "{lines:?}");
}

#[tokio::test]
async fn two_listeners_hear_the_same() {
    workflow! {
        Flow(u32) -> u32;
        A: Pass { end }
    }
    let (first, second) = (Record::default(), Record::default());
    InProcess::new(()).listener((&first, &second)).run::<Flow>(1).await.unwrap();
    assert_eq!(first.lines(), second.lines());
    assert_eq!(first.lines().len(), 4);
}
