//! Limits: on executions at once, and on the events of a history.

use super::*;
use crate::progress::Progress;

workflow! {
    /// States with events of every kind.
    Told(&Switch, i64) -> i64;
    Fan: Parallel {
        branches: [
            { Ask: Task { call: ask($), end } },
            { Rest: Pass { end } },
        ],
        retry: { error_equals: [Trouble::Broken], interval: 1s, max_attempts: 2 },
        catch: { error_equals: [Trouble::Broken], output: 1, next: Each },
        output: 1,
        next: Each,
    }
    Each: Map {
        items: [1, 2, 3],
        item_processor: {
            Count: Task { call: count($), next: Rests }
            Rests: Wait { seconds: 1, end }
        },
        output: 1,
        next: Call,
    }
    Call: Task { call: Within($), end }
}

workflow! {
    Within(&Switch, i64) -> i64;
    Last: Task { call: count($), end }
}

workflow! {
    /// Its items have histories of their own.
    Apart(&Switch, Json) -> Json;
    asl: {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ToleratedFailureCountPath": "$.tolerated",
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "Count",
                    "States": { "Count": { "Type": "Task", "Resource": count, "End": true } }
                },
                "End": true
            }
        }
    }
}

workflow! {
    Circles(&Switch, i64) -> i64;
    Which: Choice { $ < 0 => Done, _ => Round }
    Round: Pass { next: Which }
    Done: Succeed {}
}

fn builder(store: &Memory, switch: &Arc<Switch>) -> crate::Builder {
    Durable::builder(store.clone())
        .clock(clock())
        .workflow::<Told, Switch>(Arc::clone(switch))
        .workflow::<Circles, Switch>(Arc::clone(switch))
        .workflow::<Apart, Switch>(Arc::clone(switch))
        .workflow::<Slow, Switch>(Arc::clone(switch))
}

/// How many events the only execution of a store is counted to have.
fn counted(store: &Memory) -> usize {
    let mut progress = None;
    for record in records(store) {
        Progress::go_on(&mut progress, &record.bytes).unwrap();
    }
    progress.unwrap().events().try_into().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_history_has_as_many_events_as_are_counted_and_no_more_than_it_may() {
    for is_on in [true, false] {
        let (switch, store) = (Arc::new(Switch::default()), Memory::default());
        switch.is_on.store(is_on, Ordering::Relaxed);
        let durable = builder(&store, &switch).open().unwrap();
        let execution = durable.start::<Told>("one", &1).await.unwrap();
        assert_eq!(execution.output::<Told>().await.unwrap(), 1);
        let events = execution.history().await.unwrap().len();
        assert_eq!(counted(&store), events);

        let limit = u32::try_from(events).unwrap();
        for (limit, status) in [(limit, Status::Succeeded), (limit - 1, Status::Failed)] {
            let store = Memory::default();
            let durable = builder(&store, &switch).event_limit(limit).open().unwrap();
            let execution = durable.start::<Told>("one", &1).await.unwrap();
            assert_eq!(execution.output::<Told>().await.is_ok(), status == Status::Succeeded);
            assert_eq!(execution.describe().await.unwrap().status, status);
            assert_eq!(execution.history().await.unwrap().len(), limit as usize);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn items_of_a_distributed_map_are_not_counted() {
    let store = Memory::default();
    let durable = builder(&store, &Arc::default()).event_limit(30).open().unwrap();
    let items: Vec<i64> = (0..50).collect();
    let input = json!({ "items": items, "tolerated": 0 });
    let execution = durable.start::<Apart>("one", &input).await.unwrap();
    assert_eq!(execution.output::<Apart>().await.unwrap(), json!(items));
    assert_eq!(counted(&store), execution.history().await.unwrap().len());
}

#[tokio::test(start_paused = true)]
async fn a_distributed_map_may_fail_before_its_run_begins() {
    let store = Memory::default();
    let durable = builder(&store, &Arc::default()).open().unwrap();
    let execution = durable.start::<Apart>("one", &json!({ "items": [1] })).await.unwrap();
    assert!(execution.output::<Apart>().await.is_err());
    assert_eq!(counted(&store), execution.history().await.unwrap().len());
}

#[tokio::test(start_paused = true)]
async fn a_loop_without_an_end_fails_when_its_history_is_full() {
    let store = Memory::default();
    let durable = builder(&store, &Arc::default()).open().unwrap();
    let execution = durable.start::<Circles>("one", &1).await.unwrap();
    let Err(Error::ExecutionFailed(error)) = execution.output::<Circles>().await else {
        panic!("it fails")
    };
    assert_eq!(error.error, "States.Runtime");
    assert_eq!(error.cause, "The execution reached the maximum number of history events (25000).");
    let history = execution.history().await.unwrap();
    assert_eq!((history.len(), &*history[24_999].kind), (25_000, "ExecutionFailed"));
    let id = "Circles:one".to_owned();
    assert_eq!(execution.redrive().await, Err(Error::ExecutionNotRedrivable { id }));
}

#[tokio::test(start_paused = true)]
async fn so_many_executions_run_at_once_and_no_more() {
    let (switch, store) = (Arc::new(Switch::default()), Memory::default());
    let durable = builder(&store, &switch).execution_limit(2);
    let durable = durable.open().unwrap();
    let first = durable.start::<Slow>("one", &1).await.unwrap();
    durable.start::<Slow>("two", &1).await.unwrap();
    assert_eq!(durable.start::<Slow>("three", &1).await.err(), Some(Error::ExecutionLimitExceeded));
    // One that runs is no more than one.
    durable.start::<Slow>("two", &1).await.unwrap();
    assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 2);
    first.stop("Over", "").await.unwrap();
    durable.start::<Slow>("three", &1).await.unwrap();
    assert_eq!(first.redrive().await, Err(Error::ExecutionLimitExceeded));
    assert_eq!(first.describe().await.unwrap().status, Status::Aborted);
    durable.shut_down(Duration::ZERO).await;

    // What the store has goes on, though it is more.
    let durable = builder(&store, &switch).execution_limit(1).open().unwrap();
    for name in ["two", "three"] {
        let execution = durable.execution(&format!("Slow:{name}")).await.unwrap();
        assert!(execution.output::<Slow>().await.is_err(), "it times out");
    }
    durable.execution("Slow:one").await.unwrap().redrive().await.unwrap();
}
