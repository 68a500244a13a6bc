//! What a history in memory tells of executions: AWS's events, with their ids and details.

use std::time::Duration;

use serde_json::json;
use workflow_core::{
    ExecutionHistory, History, HistoryEvent, InProcess, Json, LambdaError, TaskContext, task,
    workflow,
};

use crate::support::echo;

/// Fails as often as it is told.
#[task]
async fn stumble(times: u32, ctx: TaskContext) -> Result<u32, LambdaError> {
    if ctx.retry_count() < times {
        return Err(LambdaError::ServiceException("busy".to_owned()));
    }
    Ok(ctx.retry_count())
}

/// Never ends.
#[task]
async fn hang() -> u32 {
    std::future::pending().await
}

/// Events as lines: `id<-previous kind`.
fn lines(events: &[HistoryEvent]) -> Vec<String> {
    let line = |event: &HistoryEvent| format!("{}<-{} {}", event.id, event.previous, event.kind);
    events.iter().map(line).collect()
}

fn details<'h>(events: &'h [HistoryEvent], kind: &str) -> Vec<&'h Json> {
    events.iter().filter(|event| event.kind == kind).map(|event| &event.details).collect()
}

#[tokio::test(start_paused = true)]
async fn retries_waits_and_variables_are_told_as_on_aws() {
    workflow! {
        Flow(u32) -> Json;
        A: Task {
            call: stumble($),
            retry: { error_equals: ["Lambda.ServiceException"], interval: 3s },
            timeout: 60s,
            assign: { tries: $ },
            output: { "tries": $ },
            next: Rest,
        }
        Rest: Wait { seconds: 2, next: Done }
        Done: Pass { output: { "after": $tries }, end }
    }
    let history = History::new();
    InProcess::new(()).listener(&history).run::<Flow>(1).await.unwrap();
    let events = history.events();
    assert_eq!(
        lines(&events),
        [
            "1<-0 ExecutionStarted",
            "2<-0 TaskStateEntered",
            "3<-2 LambdaFunctionScheduled",
            "4<-3 LambdaFunctionStarted",
            "5<-4 LambdaFunctionFailed",
            "6<-5 LambdaFunctionScheduled",
            "7<-6 LambdaFunctionStarted",
            "8<-7 LambdaFunctionSucceeded",
            "9<-8 TaskStateExited",
            "10<-9 WaitStateEntered",
            "11<-10 WaitStateExited",
            "12<-11 PassStateEntered",
            "13<-12 PassStateExited",
            "14<-13 ExecutionSucceeded",
        ]
    );
    let scheduled = json!({ "resource": "stumble", "input": 1, "timeoutInSeconds": 60 });
    assert_eq!(details(&events, "LambdaFunctionScheduled"), [&scheduled, &scheduled]);
    let failed = json!({ "error": "Lambda.ServiceException", "cause": "busy" });
    assert_eq!(details(&events, "LambdaFunctionFailed"), [&failed]);
    let exited =
        json!({ "name": "A", "output": { "tries": 1 }, "assignedVariables": { "tries": 1 } });
    assert_eq!(details(&events, "TaskStateExited"), [&exited]);
    let waited = json!({ "name": "Rest", "input": { "tries": 1 } });
    assert_eq!(details(&events, "WaitStateEntered"), [&waited]);
    assert_eq!(details(&events, "ExecutionSucceeded"), [&json!({ "output": { "after": 1 } })]);
    let after = |event: usize| events[event - 1].timestamp.duration_since(events[0].timestamp);
    assert_eq!([5, 6, 10, 11].map(|event| after(event).as_secs()), [0, 3, 3, 5]);
}

/// What a state is given or leaves as it is need not be kept twice. Where a field says otherwise, it is told.
#[tokio::test]
async fn each_payload_is_told_as_it_was_there() {
    workflow! {
        Flow(Json) -> Json;
        Part: Task { call: echo($.part), next: Whole }
        Whole: Task { call: echo($), result_path: $.again, next: Way }
        Way: Choice {
            $.part == 1 => { next: Cut, output: { "chosen": $.part } },
            _ => Cut,
        }
        Cut: Pass { input_path: $.chosen, end }
    }
    let history = History::new();
    InProcess::new(())
        .listener(&history)
        .run::<Flow>(json!({ "part": { "part": 1 } }))
        .await
        .unwrap();
    let events = history.events();
    let payloads: Vec<_> = events
        .iter()
        .filter_map(|event| {
            let payload = event.details.get("input").or_else(|| event.details.get("output"))?;
            Some(format!("{} {payload}", event.kind))
        })
        .collect();
    assert_eq!(
        payloads,
        [
            r#"ExecutionStarted {"part":{"part":1}}"#,
            r#"TaskStateEntered {"part":{"part":1}}"#,
            r#"LambdaFunctionScheduled {"part":1}"#,
            r#"LambdaFunctionSucceeded {"part":1}"#,
            r#"TaskStateExited {"part":1}"#,
            r#"TaskStateEntered {"part":1}"#,
            r#"LambdaFunctionScheduled {"part":1}"#,
            r#"LambdaFunctionSucceeded {"part":1}"#,
            r#"TaskStateExited {"part":1,"again":{"part":1}}"#,
            r#"ChoiceStateEntered {"part":1,"again":{"part":1}}"#,
            r#"ChoiceStateExited {"chosen":1}"#,
            r#"PassStateEntered {"chosen":1}"#,
            r#"PassStateExited 1"#,
            r#"ExecutionSucceeded 1"#,
        ]
    );
}

#[tokio::test]
async fn branches_and_items_follow_from_where_they_began() {
    workflow! {
        Flow(Vec<u32>) -> Json;
        Fan: Parallel {
            branches: [
                { A: Pass { output: "a", end } },
                { Each: Map { items: $, item_processor: { B: Pass { output: $ + 1, end } }, end } },
            ],
            end,
        }
    }
    let history = History::new();
    InProcess::new(()).listener(&history).run::<Flow>(vec![7, 8]).await.unwrap();
    let events = history.events();
    assert_eq!(
        lines(&events),
        [
            "1<-0 ExecutionStarted",
            "2<-0 ParallelStateEntered",
            "3<-2 ParallelStateStarted",
            "4<-3 PassStateEntered",
            "5<-4 PassStateExited",
            "6<-3 MapStateEntered",
            "7<-6 MapStateStarted",
            "8<-7 MapIterationStarted",
            "9<-8 PassStateEntered",
            "10<-9 PassStateExited",
            "11<-10 MapIterationSucceeded",
            "12<-10 MapIterationStarted",
            "13<-12 PassStateEntered",
            "14<-13 PassStateExited",
            "15<-14 MapIterationSucceeded",
            "16<-15 MapStateSucceeded",
            "17<-15 MapStateExited",
            "18<-17 ParallelStateSucceeded",
            "19<-17 ParallelStateExited",
            "20<-19 ExecutionSucceeded",
        ]
    );
    assert_eq!(details(&events, "MapStateStarted"), [&json!({ "length": 2 })]);
    let [first, second] = [0, 1].map(|index| json!({ "name": "Each", "index": index }));
    assert_eq!(details(&events, "MapIterationSucceeded"), [&first, &second]);
    let inputs: Vec<&Json> = events.iter().map(|event| &event.details["input"]).collect();
    assert_eq!([inputs[3], inputs[8], inputs[12]], [&json!([7, 8]), &json!(7), &json!(8)]);
}

#[tokio::test]
async fn branches_that_fail_are_told_unless_they_are_tried_again() {
    workflow! {
        Flow(u32) -> i64;
        Fan: Parallel {
            branches: [{ A: Task { call: stumble(1), end } }],
            retry: { error_equals: ["States.ALL"], max_attempts: 1, interval: 1s },
            catch: { error_equals: ["States.ALL"], output: 0, next: Done },
            next: Zero,
        }
        Zero: Pass { output: 1, next: Done }
        Done: Succeed {}
    }
    tokio::time::pause();
    let history = History::new();
    InProcess::new(()).listener(&history).run::<Flow>(0).await.unwrap();
    let events = history.events();
    let forks = |kind: &str| details(&events, kind).len();
    assert_eq!(["ParallelStateStarted", "ParallelStateFailed"].map(forks), [2, 1]);
    // Each attempt follows from its own beginning.
    let previous = |event: &HistoryEvent| events[event.previous as usize - 1].kind.as_str();
    let entered = events.iter().filter(|event| event.kind == "TaskStateEntered");
    assert_eq!(entered.map(previous).collect::<Vec<_>>(), ["ParallelStateStarted"; 2]);
    let kinds: Vec<&str> = events.iter().rev().map(|event| event.kind.as_str()).collect();
    assert_eq!(
        kinds[..5],
        [
            "ExecutionSucceeded",
            "SucceedStateExited",
            "SucceedStateEntered",
            "ParallelStateExited",
            "ParallelStateFailed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_end_of_an_execution_is_told() {
    workflow! {
        Fails(Json) -> Json;
        A: Fail { error: "Mine", cause: "on purpose" }
    }
    workflow! {
        Late(Json) -> u32;
        timeout: 5s;
        A: Task { call: hang(), end }
    }
    let history = History::new();
    let engine = InProcess::new(()).listener(&history);
    engine.run::<Fails>(json!(1)).await.unwrap_err();
    engine.run::<Late>(json!(2)).await.unwrap_err();
    assert!(
        tokio::time::timeout(Duration::from_secs(1), engine.run::<Late>(json!(3))).await.is_err()
    );

    let executions = history.executions();
    let last = |ExecutionHistory { events, .. }: &ExecutionHistory| events.last().cloned().unwrap();
    let ends: Vec<HistoryEvent> = executions.iter().map(last).collect();
    let kinds: Vec<&str> = ends.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]);
    assert_eq!(ends[0].details, json!({ "error": "Mine", "cause": "on purpose" }));
    assert_eq!(ends[1].details["error"], "States.Timeout");
    assert_eq!(history.events(), executions[0].events);
}

#[tokio::test]
async fn executions_at_once_and_those_that_are_called_have_histories_of_their_own() {
    workflow! {
        Inner(Json) -> Json;
        I: Task { call: echo($), end }
    }
    workflow! {
        Outer(Json) -> Json;
        O: Task { call: Inner($), end }
    }
    let history = History::new();
    let engine = InProcess::new(()).listener(&history);
    let (first, second) = (engine.clone().name("first"), engine.name("second"));
    let runs = (first.run::<Outer>(json!("one")), second.run::<Outer>(json!("two")));
    let (one, two) = tokio::join!(runs.0, runs.1);
    assert_eq!((one.unwrap(), two.unwrap()), (json!("one"), json!("two")));

    let executions = history.executions();
    let told: Vec<_> = executions
        .iter()
        .map(|ExecutionHistory { workflow, name, events }| {
            (*workflow, name.as_deref(), events.len(), &events[0].details["input"])
        })
        .collect();
    let (one, two) = (&json!("one"), &json!("two"));
    assert_eq!(
        told,
        [
            ("Outer", Some("first"), 7, one),
            ("Inner", None, 7, one),
            ("Outer", Some("second"), 7, two),
            ("Inner", None, 7, two),
        ]
    );
}
