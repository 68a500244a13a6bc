//! Executions that wait for long are not in memory, and come back when their time has come, or somebody comes for them.

use super::callbacks::{Approval, Desk, Watched, asked};
use super::*;
use crate::{Handle, Log};
use workflow_core::{TaskTokenError, Workflow};

workflow! {
    Sleepy(&Desk, i64) -> i64;
    Wait: Wait { seconds: 3600, next: Fan }
    Fan: Parallel {
        branches: [
            { Short: Wait { seconds: 600, end } },
            { Long: Wait { seconds: 7200, end } },
        ],
        output: $[0],
        end,
    }
}

workflow! {
    Impatient(&Desk, i64) -> i64;
    timeout: 1h;
    Wait: Wait { seconds: 7200, end }
}

workflow! {
    Around(&Desk, i64) -> i64;
    Call: Task {
        call: Impatient($),
        retry: { error_equals: ["States.Timeout"], interval: 10m, max_attempts: 1 },
        end,
    }
}

workflow! {
    Pieces(&Desk, i64) -> i64;
    One: Wait { seconds: 3600, next: Two }
    Two: Wait { seconds: 3600, end }
}

workflow! {
    Bounded(&Desk, i64) -> i64;
    Call: Task { call: Pieces($), timeout: 90m, end }
}

#[task]
async fn quickly(number: i64) -> i64 {
    number
}

workflow! {
    Beside(&Desk, i64) -> i64;
    Both: Parallel {
        branches: [
            { Ask: Task { call: Watched($), end } },
            { Nap: Wait { seconds: 100, end } },
        ],
        output: $[0],
        end,
    }
}

workflow! {
    Narrow(&Desk, Vec<i64>) -> Vec<i64>;
    Each: Map {
        items: $,
        max_concurrency: 2,
        item_processor: {
            Which: Choice { $ == 1 => Work, _ => Rest }
            Work: Task { call: quickly($), end }
            Rest: Wait { seconds: 20, end }
        },
        end,
    }
}

fn builder(store: impl Store, desk: &Arc<Desk>) -> crate::Builder {
    Durable::builder(store)
        .workflow::<Sleepy, Desk>(Arc::clone(desk))
        .workflow::<Impatient, Desk>(Arc::clone(desk))
        .workflow::<Around, Desk>(Arc::clone(desk))
        .workflow::<Narrow, Desk>(Arc::clone(desk))
        .workflow::<Bounded, Desk>(Arc::clone(desk))
        .workflow::<Approval, Desk>(Arc::clone(desk))
        .workflow::<Watched, Desk>(Arc::clone(desk))
        .workflow::<Beside, Desk>(Arc::clone(desk))
}

/// How many executions are in memory.
fn in_memory(durable: &Durable) -> usize {
    durable.engine().executions().live.len()
}

async fn failure(execution: &Handle) -> String {
    execution.ended().await.unwrap().error.unwrap().error
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_is_not_in_memory_and_goes_on_in_time() {
    let (desk, start) = (Arc::new(Desk::default()), Instant::now());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    let execution = durable.start::<Sleepy>("one", &1).await.unwrap();
    assert_eq!(in_memory(&durable), 1);
    for asleep in [10, 3500, 100, 600, 6000] {
        seconds(asleep).await;
        assert_eq!(in_memory(&durable), 0, "after {:?}", start.elapsed());
    }
    assert_eq!(execution.describe().await.unwrap().status, Status::Running);
    assert_eq!(execution.output::<Sleepy>().await.unwrap(), 1);
    assert_eq!(start.elapsed().as_secs(), 3600 + 7200);
    assert_eq!(in_memory(&durable), 0, "what has ended is not in memory either");
    assert_eq!(execution.history().await.unwrap().len(), 12);
}

/// A sibling brings the execution into memory, which says nothing of the task.
#[tokio::test(start_paused = true)]
async fn silence_goes_on_when_an_execution_comes_into_memory() {
    let (desk, start) = (Arc::new(Desk::default()), Instant::now());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    durable.start::<Beside>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    seconds(50).await;
    durable.send_task_heartbeat(&token).await.unwrap();
    seconds(40).await;
    assert_eq!(in_memory(&durable), 0);
    asked(&desk, 2).await;
    assert_eq!(start.elapsed().as_secs(), 50 + 60 + 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_watched_for_heartbeats_is_not_in_memory_and_is_silent_only_so_long() {
    let (desk, start) = (Arc::new(Desk::default()), Instant::now());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    let execution = durable.start::<Watched>("one", &1).await.unwrap();
    let first = asked(&desk, 1).await.remove(0);
    for beats in 1..=3 {
        seconds(50).await;
        assert_eq!(in_memory(&durable), 0, "before heartbeat {beats}");
        durable.send_task_heartbeat(&first).await.unwrap();
        assert_eq!(in_memory(&durable), 1, "after heartbeat {beats}");
    }
    let second = asked(&desk, 2).await.remove(1);
    assert_eq!(start.elapsed().as_secs(), 150 + 60 + 1);
    seconds(30).await;
    assert_eq!(in_memory(&durable), 0, "another attempt");
    durable.send_task_success(&second, &1).await.unwrap();
    assert_eq!(execution.output::<Watched>().await.unwrap(), 1);
    assert!(durable.engine().executions().silences.is_empty());
}

/// An engine that has asked, and is gone; what it has asked with.
async fn left_after_40_seconds(
    desk: &Arc<Desk>,
    store: &Memory,
    time: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> String {
    let durable = builder(store.clone(), desk).clock(time).open().unwrap();
    durable.start::<Watched>("one", &1).await.unwrap();
    let token = asked(desk, 1).await.remove(0);
    seconds(40).await;
    durable.shut_down(Duration::ZERO).await;
    token
}

/// While no engine is there, nobody can send a heartbeat.
#[tokio::test(start_paused = true)]
async fn silence_begins_anew_with_the_engine_and_with_a_redrive() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let token = left_after_40_seconds(&desk, &store, time.clone()).await;
    seconds(100).await;

    let start = Instant::now();
    let durable = builder(store, &desk).clock(time).open().unwrap();
    let execution = durable.execution("Watched:one").await.unwrap();
    seconds(20).await;
    assert_eq!(in_memory(&durable), 0);
    let refused = durable.send_task_success(&token, &"five".to_owned()).await;
    assert!(matches!(refused, Err(Error::TaskToken(TaskTokenError::InvalidOutput(_)))));
    asked(&desk, 2).await;
    assert_eq!(start.elapsed().as_secs(), 60 + 1);
    seconds(30).await;
    execution.stop("Enough", "for today").await.unwrap();
    seconds(100).await;
    let redriven = Instant::now();
    execution.redrive().await.unwrap();
    asked(&desk, 3).await;
    assert_eq!(redriven.elapsed().as_secs(), 60 + 1);
}

/// It looks for the execution again.
#[tokio::test(start_paused = true)]
async fn a_heartbeat_does_not_go_where_an_execution_has_left() {
    let desk = Arc::new(Desk::default());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    durable.start::<Watched>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    let engine = durable.engine();
    let token = engine.common.key.open(&token).unwrap();
    let run = engine.live(token.execution).await.unwrap();
    assert!(run.beat(Watched::DEFINITION, token.visit).unwrap());
    seconds(30).await;
    assert_eq!(in_memory(&durable), 0);
    assert!(!run.beat(Watched::DEFINITION, token.visit).unwrap());
}

#[tokio::test(start_paused = true)]
async fn the_first_heartbeat_counts_that_an_engine_is_sent() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let token = left_after_40_seconds(&desk, &store, time.clone()).await;
    let durable = builder(store, &desk).clock(time).open().unwrap();
    let start = Instant::now();
    seconds(20).await;
    durable.send_task_heartbeat(&token).await.unwrap();
    asked(&desk, 2).await;
    assert_eq!(start.elapsed().as_secs(), 20 + 60 + 1);
}

/// An item may begin that had not when the engine went away, so the execution does not only wait.
#[tokio::test(start_paused = true)]
async fn an_item_that_has_not_begun_is_not_waited_for() {
    for (until, torn) in (0..12).flat_map(|until| [(until, 0), (until, 1)]) {
        let (desk, time, kept) = (Arc::new(Desk::default()), clock(), Memory::default());
        let start = Instant::now();
        let failing = stores::failing(&kept, &Arc::default(), until, torn);
        let durable = builder(failing, &desk).clock(time.clone()).open().unwrap();
        if let Ok(execution) = durable.start::<Narrow>("one", &vec![0, 1, 2]).await {
            let ended = tokio::time::timeout(Duration::from_secs(1), execution.ended());
            assert!(!matches!(ended.await, Ok(Ok(_))), "it takes longer");
        }
        durable.engine().crash().await;
        let durable = builder(kept, &desk).clock(time).open().unwrap();
        let execution = match durable.execution("Narrow:one").await {
            Ok(execution) => execution,
            Err(_) => durable.start::<Narrow>("one", &vec![0, 1, 2]).await.unwrap(),
        };
        assert_eq!(execution.output::<Narrow>().await.unwrap(), [0, 1, 2]);
        assert!(start.elapsed().as_secs() <= 21, "{:?} at write {until}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_retries_wake_executions() {
    let (desk, start) = (Arc::new(Desk::default()), Instant::now());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    let impatient = durable.start::<Impatient>("one", &1).await.unwrap();
    let around = durable.start::<Around>("one", &1).await.unwrap();
    seconds(1800).await;
    assert_eq!(in_memory(&durable), 0);
    assert_eq!(failure(&impatient).await, "States.Timeout");
    assert_eq!(start.elapsed().as_secs(), 3600);
    seconds(60).await;
    assert_eq!(in_memory(&durable), 0, "it waits for the next attempt");
    assert_eq!(failure(&around).await, "States.Timeout");
    assert_eq!(start.elapsed().as_secs(), 2 * 3600 + 600);
}

#[tokio::test(start_paused = true)]
async fn the_call_of_a_workflow_keeps_its_timeout_and_is_told_once() {
    let (desk, start) = (Arc::new(Desk::default()), Instant::now());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    let bounded = durable.start::<Bounded>("one", &1).await.unwrap();
    seconds(4000).await;
    assert_eq!(in_memory(&durable), 0);
    assert_eq!(failure(&bounded).await, "States.Timeout");
    assert_eq!(start.elapsed().as_secs(), 5400);
    let history = bounded.history().await.unwrap();
    let scheduled = history.iter().filter(|event| event.kind == "TaskScheduled");
    assert_eq!(scheduled.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_for_an_execution_brings_it_back() {
    let desk = Arc::new(Desk::default());
    let durable = builder(Memory::default(), &desk).clock(clock()).open().unwrap();
    let approval = durable.start::<Approval>("one", &1).await.unwrap();
    let sleepy = durable.start::<Sleepy>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    seconds(100_000_000).await;
    assert!(matches!(sleepy.output::<Sleepy>().await, Ok(1)));
    let waiting = tokio::spawn({
        let approval = approval.clone();
        async move { approval.output::<Approval>().await }
    });
    seconds(100).await;
    assert_eq!(in_memory(&durable), 0);
    durable.send_task_success(&token, &5).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), 6);

    let stopped = durable.start::<Sleepy>("two", &2).await.unwrap();
    seconds(100).await;
    assert!(durable.start::<Sleepy>("two", &2).await.is_ok(), "it is the same");
    assert!(matches!(
        durable.start::<Sleepy>("two", &3).await,
        Err(Error::ExecutionAlreadyExists { .. })
    ));
    stopped.stop("Enough", "").await.unwrap();
    assert_eq!(failure(&stopped).await, "Enough");
    stopped.redrive().await.unwrap();
    assert_eq!(stopped.output::<Sleepy>().await.unwrap(), 2);
}

/// Opens a log, runs what is to be run, and leaves it as a crash would, or in order.
async fn turn(
    directory: &std::path::Path,
    desk: &Arc<Desk>,
    clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    is_orderly: bool,
    work: impl AsyncFnOnce(&Durable),
) {
    let durable = builder(Log::open(directory).unwrap(), desk).clock(clock).open().unwrap();
    work(&durable).await;
    match is_orderly {
        true => durable.shut_down(Duration::ZERO).await,
        false => durable.engine().crash().await,
    }
}

#[tokio::test(start_paused = true)]
async fn an_index_is_a_help_alone() {
    for is_orderly in [true, false] {
        for damage in ["none", "gone", "torn", "empty"] {
            let (desk, time) = (Arc::new(Desk::default()), clock());
            let directory = tempfile::tempdir().unwrap();
            let (path, start) = (directory.path(), Instant::now());
            turn(path, &desk, time.clone(), is_orderly, async |durable| {
                for name in ["a", "b", "c"] {
                    durable.start::<Sleepy>(name, &1).await.unwrap();
                }
                let stopped = durable.execution("Sleepy:b").await.unwrap();
                seconds(100).await;
                stopped.stop("Enough", "").await.unwrap();
                durable.list(&List::default()).await.unwrap();
                durable.start::<Approval>("d", &1).await.unwrap();
                seconds(100).await;
            })
            .await;
            let index = path.join("index.redb");
            match damage {
                "gone" => std::fs::remove_file(&index).unwrap(),
                "torn" => {
                    let bytes = std::fs::read(&index).unwrap();
                    std::fs::write(&index, &bytes[..bytes.len() / 3]).unwrap();
                }
                "empty" => std::fs::write(&index, "").unwrap(),
                _ => {}
            }
            turn(path, &desk, time, is_orderly, async |durable| {
                assert!(in_memory(durable) <= 4);
                let page = durable.list(&List::default()).await.unwrap();
                let names: Vec<_> = page.executions.iter().map(|found| &*found.name).collect();
                assert_eq!(names, ["d", "c", "b", "a"]);
                let running = List { status: Some(Status::Running), ..List::default() };
                assert_eq!(durable.list(&running).await.unwrap().executions.len(), 3);
                durable.send_task_success(&desk.tokens()[0], &5).await.unwrap();
                for (id, output) in [("Approval:d", "6"), ("Sleepy:a", "1"), ("Sleepy:c", "1")] {
                    let execution = durable.execution(id).await.unwrap();
                    let ended = execution.ended().await.unwrap();
                    assert_eq!(ended.output.as_deref(), Some(output), "{id}, {damage}");
                }
                assert_eq!(start.elapsed().as_secs(), 3600 + 7200, "{damage}");
            })
            .await;
        }
    }
}
