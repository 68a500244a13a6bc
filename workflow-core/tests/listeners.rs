//! What listeners hear of executions that run at the same time, that call others, and that are aborted; on a clock that
//! stands still until all wait.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep, timeout};
use workflow_core::{InProcess, TaskError, Trace, task, workflow};

#[derive(Debug, TaskError)]
enum CarrierError {
    Lost,
}

impl std::fmt::Display for CarrierError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the parcel is lost")
    }
}

/// Takes this many milliseconds; a parcel of an odd number is lost.
#[task]
async fn carry(millis: u64) -> Result<u64, CarrierError> {
    sleep(Duration::from_millis(millis)).await;
    if millis.is_multiple_of(2) { Ok(millis) } else { Err(CarrierError::Lost) }
}

workflow! {
    Shipment(u64) -> u64;

    Carry: Task {
        call: carry($),
        retry: { error_equals: ["States.TaskFailed"], interval: 1s, max_attempts: 1 },
        end,
    }
}

#[task]
async fn topple(_parcels: u64) -> u64 {
    panic!("the stack of parcels topples")
}

workflow! {
    Stack(u64) -> u64;

    Topple: Task { call: topple($), end }
}

workflow! {
    Order(u64) -> u64;

    Ship: Task { call: Shipment($), end }
}

workflow! {
    Orders(Vec<u64>) -> Vec<u64>;

    Each: Map { items: $, item_processor: { Handle: Task { call: Order($), end } }, end }
}

workflow! {
    Hasty(Vec<u64>) -> Vec<u64>;

    timeout: 1s;

    All: Map {
        items: $,
        item_processor: {
            Send: Task { call: Shipment($), timeout: 500ms, end }
        },
        catch: { error_equals: ["States.Timeout"], next: Slowly },
        end,
    }
    Slowly: Pass { output: [5000], next: Again }
    Again: Map { items: $, item_processor: { Resend: Task { call: Shipment($), end } }, end }
}

/// What a trace says; executions that are tasks lose their random names.
fn text(trace: Trace<Vec<u8>>) -> String {
    let text = String::from_utf8(trace.into_inner()).unwrap();
    let named = |line: &str| match line.split_once("  execution ") {
        Some((workflow, name)) if name.len() == 36 => workflow.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(|line| named(line) + "\n").collect()
}

fn trace() -> Trace<Vec<u8>> {
    Trace::new(Vec::new()).width(100)
}

#[tokio::test(start_paused = true)]
async fn executions_at_the_same_time_are_told_apart() {
    let trace = trace();
    let engine = InProcess::new(()).listener(&trace);
    let [quick, slow] = ["quick", "slow"].map(|name| engine.clone().name(name));
    let (quick, slow) = tokio::join!(quick.run::<Shipment>(11), slow.run::<Shipment>(40));
    assert!(quick.is_err() && slow.is_ok());
    let lines = r#"
Shipment  execution quick
Shipment  execution slow
  ↻ Carry  Task carry     11 ms      CarrierError.Lost: the parcel is lost · again in 1 s
  ● Carry  Task carry     40 ms      40 → 40
✓ succeeded in 40 ms  40
  ✗ Carry  Task carry    1.02 s ×2   CarrierError.Lost: the parcel is lost
✗ failed in 1.02 s  CarrierError.Lost: the parcel is lost
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn executions_that_are_tasks_are_set_into_the_states_that_call_them() {
    let trace = trace();
    let engine = InProcess::new(()).name("test").listener(&trace);
    engine.run::<Orders>(vec![40, 20]).await.unwrap();
    let lines = r#"
Orders  execution test
  ┌ Each          Map                   [40,20]
  │ [0] ┌ Order
  │ [0] │ ┌ Shipment
  │ [1] ┌ Order
  │ [1] │ ┌ Shipment
  │ [1] │ │ ● Carry  Task carry     20 ms      20 → 20
  │ [1] │ └ ✓ succeeded in 20 ms  20
  │ [1] │ ● Ship  Task Shipment     20 ms  20 → 20
  │ [1] └ ✓ succeeded in 20 ms  20
  │ [1] ● Handle  Task Order     20 ms  20 → 20
  │ [0] │ │ ● Carry  Task carry     40 ms      40 → 40
  │ [0] │ └ ✓ succeeded in 40 ms  40
  │ [0] │ ● Ship  Task Shipment     40 ms  40 → 40
  │ [0] └ ✓ succeeded in 40 ms  40
  │ [0] ● Handle  Task Order     40 ms  40 → 40
  └ Each          Map            40 ms  → [40,20]
✓ succeeded in 40 ms  [40,20]
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_is_dropped_is_aborted_after_those_that_it_called() {
    let trace = trace();
    let engine = InProcess::new(()).name("test").listener(&trace);
    let run = engine.run::<Orders>(vec![4000, 20]);
    assert!(timeout(Duration::from_millis(40), run).await.is_err());
    let lines = r#"
Orders  execution test
  ┌ Each          Map                   [4000,20]
  │ [0] ┌ Order
  │ [0] │ ┌ Shipment
  │ [1] ┌ Order
  │ [1] │ ┌ Shipment
  │ [1] │ │ ● Carry  Task carry     20 ms      20 → 20
  │ [1] │ └ ✓ succeeded in 20 ms  20
  │ [1] │ ● Ship  Task Shipment     20 ms  20 → 20
  │ [1] └ ✓ succeeded in 20 ms  20
  │ [1] ● Handle  Task Order     20 ms  20 → 20
  │ [0] │ │ ◌ Carry  Task carry     40 ms      cancelled
  │ [0] │ └ ✗ aborted after 40 ms
  │ [0] │ ◌ Ship  Task Shipment     40 ms  cancelled
  │ [0] └ ✗ aborted after 40 ms
  │ [0] ◌ Handle  Task Order     40 ms  cancelled
  ◌ Each          Map            40 ms  cancelled
✗ aborted after 40 ms
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_a_timeout_cuts_off_is_aborted_before_its_caller_goes_on() {
    let trace = trace();
    let engine = InProcess::new(()).name("test").listener(&trace);
    assert!(engine.run::<Hasty>(vec![4000, 3000]).await.is_err());
    let lines = r#"
Hasty  execution test
  ┌ All           Map                      [4000,3000]
  │ [0] ┌ Shipment
  │ [1] ┌ Shipment
  │ [0] │ ◌ Carry  Task carry    500 ms      cancelled
  │ [0] └ ✗ aborted after 500 ms
  │ [1] │ ◌ Carry  Task carry    500 ms      cancelled
  │ [1] └ ✗ aborted after 500 ms
  │ [0] ✗ Send    Task Shipment    500 ms  States.Timeout
  │ [1] ✗ Send    Task Shipment    500 ms  States.Timeout
  ✗ All           Map              500 ms  States.Timeout → Slowly
  ● Slowly        Pass               0 µs  {"Error":"States.Timeout"} → [5000]
  ┌ Again         Map                      [5000]
  │ [0] ┌ Shipment
  │ [0] │ ◌ Carry  Task carry    500 ms      cancelled
  │ [0] └ ✗ aborted after 500 ms
  │ [0] ◌ Resend  Task Shipment    500 ms  cancelled
  ◌ Again         Map              500 ms  cancelled
✗ failed in 1 s  States.Timeout: the execution took longer than its timeout
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn a_trace_forgets_an_execution_that_was_aborted() {
    let trace = trace();
    let engine = InProcess::new(()).name("test").listener(&trace);
    let dropped = timeout(Duration::from_millis(1), engine.run::<Shipment>(40)).await;
    assert!(dropped.is_err());
    engine.run::<Shipment>(20).await.unwrap();
    let lines = r#"
Shipment  execution test
  ◌ Carry  Task carry      1 ms      cancelled
✗ aborted after 1 ms
Shipment  execution test
  ● Carry  Task carry     20 ms      20 → 20
✓ succeeded in 20 ms  20
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn an_execution_whose_task_panics_is_aborted() {
    let trace = trace();
    let engine = InProcess::new(()).name("test").listener(&trace);
    assert!(AssertUnwindSafe(engine.run::<Stack>(3)).catch_unwind().await.is_err());
    let lines = r#"
Stack  execution test
  ◌ Topple  Task topple      0 µs  cancelled
✗ aborted after 0 µs
"#;
    assert_eq!(text(trace), lines.trim_start_matches('\n'));
}

#[tokio::test]
async fn an_execution_that_never_began_is_not_heard_of() {
    let trace = trace();
    drop(InProcess::new(()).listener(&trace).run::<Shipment>(40));
    assert_eq!(text(trace), "");
}
