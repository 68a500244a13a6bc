//! Executions that are redriven: what they have again, and what they have no more.

use workflow_core::TaskTokenError;

use super::callbacks::{Desk, ask_for};
use super::moments::Sleepy;
use super::*;
use crate::Handle;

#[tokio::test(start_paused = true)]
async fn a_redriven_execution_is_found_by_its_name_and_input() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = Durable::builder(store)
        .clock(time)
        .workflow::<Sleepy, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    let execution = durable.start::<Sleepy>("one", &1).await.unwrap();
    execution.stop("Enough", "").await.unwrap();
    execution.redrive().await.unwrap();
    assert_eq!(execution.describe().await.unwrap().status, Status::Running);
    assert!(durable.start::<Sleepy>("one", &1).await.is_ok());
    seconds(100).await;
    assert!(durable.start::<Sleepy>("one", &1).await.is_ok(), "also when it is not in memory");
}

/// Its first poll notes nothing: it waits as it did.
#[tokio::test(start_paused = true)]
async fn a_redrive_is_told_though_nothing_follows_soon() {
    let durable = Durable::builder(Memory::default())
        .clock(clock())
        .park_after(Duration::from_secs(86_400))
        .workflow::<Sleepy, Desk>(Arc::default())
        .open()
        .unwrap();
    let execution = durable.start::<Sleepy>("one", &1).await.unwrap();
    seconds(1).await;
    execution.stop("Enough", "").await.unwrap();
    let redriven = tokio::time::timeout(Duration::from_secs(9), execution.redrive());
    redriven.await.expect("it is told").unwrap();
}

workflow! {
    Pieces(&Desk, i64) -> i64;
    One: Wait { seconds: 3600, next: Two }
    Two: Wait { seconds: 36000, end }
}

workflow! {
    Bounded(&Desk, i64) -> i64;
    Call: Task { call: Pieces($), timeout: 90m, end }
}

#[tokio::test(start_paused = true)]
async fn the_call_of_a_workflow_has_its_timeout_after_it_was_redriven() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = Durable::builder(store)
        .clock(time)
        .workflow::<Bounded, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    let execution = durable.start::<Bounded>("one", &1).await.unwrap();
    assert_eq!(execution.ended().await.unwrap().error.unwrap().error, "States.Timeout");
    let start = Instant::now();
    execution.redrive().await.unwrap();
    let ended = execution.ended().await.unwrap();
    assert_eq!(ended.error.unwrap().error, "States.Timeout");
    assert_eq!(start.elapsed().as_secs(), 5400);
}

workflow! {
    Timed(&Desk, i64) -> i64;
    Ask: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, timeout: 10m, end }
}

async fn timed(desk: &Arc<Desk>) -> (Durable, Handle) {
    let durable = Durable::builder(Memory::default())
        .clock(clock())
        .workflow::<Timed, Desk>(Arc::clone(desk))
        .open()
        .unwrap();
    let execution = durable.start::<Timed>("one", &1).await.unwrap();
    (durable, execution)
}

#[tokio::test(start_paused = true)]
async fn a_redriven_execution_has_the_time_of_its_task_again() {
    let desk = Arc::new(Desk::default());
    let (_durable, execution) = timed(&desk).await;
    seconds(60).await;
    execution.stop("Enough", "").await.unwrap();
    seconds(3600).await;
    execution.redrive().await.unwrap();
    seconds(60).await;
    let described = execution.describe().await.unwrap();
    assert_eq!(described.status, Status::Running);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_taken_is_not_taken_again_after_a_redrive() {
    let desk = Arc::new(Desk::default());
    let (durable, execution) = timed(&desk).await;
    seconds(60).await;
    let token = desk.tokens().remove(0);
    durable.send_task_failure(&token, "Refused", "").await.unwrap();
    execution.ended().await.unwrap();
    execution.redrive().await.unwrap();
    seconds(60).await;
    assert_eq!(desk.tokens().len(), 2);
    let again = durable.send_task_failure(&token, "Refused", "").await;
    assert_eq!(again, Err(Error::TaskToken(TaskTokenError::TaskTimedOut)));
}
