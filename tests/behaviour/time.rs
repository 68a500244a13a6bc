//! Time: timeouts, heartbeats, waits, concurrency and cancellation, on tokio's clock.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use workflow_core::{Json, LambdaError, TaskContext, Timestamp, task, workflow};

use crate::support::{error_name, timed};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What tasks did, in order.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Writes down when it is dropped.
struct Guard<'a>(&'a Log, u64);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.add(format!("dropped {}", self.1));
    }
}

#[task]
async fn work(seconds: u64) -> u64 {
    sleep(s(seconds)).await;
    seconds
}

#[task]
async fn guarded(log: &Log, seconds: u64) -> u64 {
    let guard = Guard(log, seconds);
    sleep(s(seconds)).await;
    std::mem::forget(guard);
    log.add(format!("done {seconds}"));
    seconds
}

#[task]
async fn fail_after(seconds: u64) -> Result<u64, LambdaError> {
    sleep(s(seconds)).await;
    Err(LambdaError::Unknown(format!("after {seconds}")))
}

/// Beats once a second.
#[task]
async fn beat(seconds: u64, ctx: TaskContext) -> u64 {
    for _ in 0..seconds {
        sleep(s(1)).await;
        ctx.send_heartbeat();
    }
    seconds
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_too_long_times_out() {
    workflow! {
        Flow(u64) -> u64;
        A: Task { call: work($), timeout: 5s, end }
    }
    assert_eq!(Flow::run(4).await.unwrap(), 4);
    let (result, time) = timed(Flow::run(6)).await;
    let error = result.unwrap_err();
    assert_eq!((error.error(), error.state(), time), ("States.Timeout", Some("A"), s(5)));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_of_each_attempt_and_is_retried_and_caught() {
    workflow! {
        Flow(u64) -> String;
        A: Task {
            call: work($),
            timeout: 5s,
            retry: { error_equals: ["States.Timeout"], interval: 1s, max_attempts: 1 },
            catch: { error_equals: ["States.Timeout"], output: $.Error, next: Done },
            output: "in time",
            next: Done,
        }
        Done: Succeed {}
    }
    let (result, time) = timed(Flow::run(6)).await;
    assert_eq!((result.unwrap().as_str(), time), ("States.Timeout", s(5 + 1 + 5)));
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_a_constant() {
    const PATIENCE: Duration = Duration::from_millis(2_500);
    const SECONDS: u8 = 3;
    workflow! {
        Flow(u64) -> u64;
        A: Wait { seconds: PATIENCE, next: B }
        B: Task { call: work($), timeout: SECONDS, catch: { error_equals: ["States.Timeout"], next: C, output: 9 }, next: C }
        C: Task { input_path: null, call: work(9), timeout: PATIENCE, end }
    }
    let (result, elapsed) = timed(Flow::run(9)).await;
    assert_eq!(error_name(result), "States.Timeout");
    assert_eq!(elapsed, Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_comes_from_a_path() {
    workflow! {
        Typed(u64) -> u64;
        A: Task { call: work($), timeout: $ - 1, end }
    }
    workflow! {
        Untyped(Json) -> u64;
        A: Task { call: work($.work), timeout: $.limit, heartbeat: $.beat, end }
    }
    let (result, time) = timed(Typed::run(3)).await;
    assert_eq!((error_name(result), time), ("States.Timeout".to_owned(), s(2)));
    let (result, time) = timed(Untyped::run(json!({ "work": 9, "limit": 4, "beat": 3 }))).await;
    assert_eq!((error_name(result), time), ("States.HeartbeatTimeout".to_owned(), s(3)));
    assert_eq!(
        error_name(Untyped::run(json!({ "work": 9, "limit": 1.5, "beat": 1 })).await),
        "States.Runtime"
    );
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_looked_up_in_what_parameters_are_made_of() {
    workflow! {
        Flow(Json) -> u64;
        A: Task { input_path: $.order, parameters: $.work, call: work, timeout: $.limit, end }
    }
    let (result, time) = timed(Flow::run(json!({ "order": { "work": 9, "limit": 4 } }))).await;
    assert_eq!((error_name(result), time), ("States.Timeout".to_owned(), s(4)));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_beats_goes_on_and_a_silent_one_times_out() {
    workflow! {
        Beating(u64) -> u64;
        A: Task { call: beat($), heartbeat: 2s, end }
    }
    workflow! {
        Silent(u64) -> u64;
        A: Task { call: work($), heartbeat: 2s, end }
    }
    workflow! {
        Limited(u64) -> u64;
        A: Task { call: beat($), heartbeat: 2s, timeout: 5s, end }
    }
    let (result, time) = timed(Beating::run(10)).await;
    assert_eq!((result.unwrap(), time), (10, s(10)));
    let (result, time) = timed(Silent::run(10)).await;
    assert_eq!((error_name(result), time), ("States.HeartbeatTimeout".to_owned(), s(2)));
    let (result, time) = timed(Limited::run(10)).await;
    assert_eq!((error_name(result), time), ("States.Timeout".to_owned(), s(5)));
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_the_workflow_is_caught_by_nobody_in_it() {
    workflow! {
        Flow(u64) -> u64;
        timeout: 3s;
        A: Task { call: work($), catch: { error_equals: ["States.ALL"], output: 0, next: Done }, next: Done }
        Done: Succeed {}
    }
    let (result, time) = timed(Flow::run(9)).await;
    let error = result.unwrap_err();
    assert_eq!((error.error(), error.state(), time), ("States.Timeout", None, s(3)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_state_waits() {
    workflow! {
        Flow(u64) -> u64;
        A: Wait { seconds: 90, next: B }
        B: Wait { seconds: 1.5h, next: C }
        C: Wait { seconds: $ * 2, next: D }
        D: Wait { seconds: 500ms, end }
    }
    let (result, time) = timed(Flow::run(5)).await;
    assert_eq!((result.unwrap(), time), (5, s(90 + 5400 + 10) + Duration::from_millis(500)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_state_waits_for_seconds_in_json() {
    workflow! {
        Flow(Json) -> Json;
        A: Wait { seconds: $.for, end }
    }
    assert_eq!(timed(Flow::run(json!({ "for": 7 }))).await.1, s(7));
    assert_eq!(error_name(Flow::run(json!({ "for": -1 })).await), "States.Runtime");
    assert_eq!(error_name(Flow::run(json!({ "for": "7" })).await), "States.Runtime");
}

#[tokio::test(start_paused = true)]
async fn a_wait_state_waits_until_a_time() {
    workflow! {
        Fixed(Json) -> Json;
        A: Wait { timestamp: "2020-01-01T00:00:00Z", end }
    }
    workflow! {
        Typed(Timestamp) -> Timestamp;
        A: Wait { timestamp: $, end }
    }
    workflow! {
        Untyped(Json) -> Json;
        A: Wait { timestamp: $.until, end }
    }
    assert_eq!(timed(Fixed::run(json!({}))).await.1, s(0), "a time that is past");
    let hour = Timestamp::now().checked_add(s(3600)).unwrap();
    let near = |time: Duration| time > s(3590) && time < s(3610);
    assert!(near(timed(Typed::run(hour)).await.1));
    assert!(near(timed(Untyped::run(json!({ "until": hour.to_string() }))).await.1));
    assert_eq!(error_name(Untyped::run(json!({ "until": "soon" })).await), "States.Runtime");
}

#[tokio::test(start_paused = true)]
async fn branches_run_at_the_same_time() {
    workflow! {
        Flow(u64) -> (u64, u64);
        Fan: Parallel {
            branches: [{ A: Task { call: work($), end } }, { B: Task { call: work($ + 2), end } }],
            end,
        }
    }
    let (result, time) = timed(Flow::run(3)).await;
    assert_eq!((result.unwrap(), time), ((3, 5), s(5)));
}

#[tokio::test(start_paused = true)]
async fn max_concurrency_bounds_the_items_at_a_time() {
    workflow! {
        Free(Vec<u64>) -> Vec<u64>;
        Each: Map { items: $, item_processor: { A: Task { call: work($), end } }, end }
    }
    workflow! {
        Two(Vec<u64>) -> Vec<u64>;
        Each: Map { items: $, max_concurrency: 2, item_processor: { A: Task { call: work($), end } }, end }
    }
    workflow! {
        Path(Json) -> Json;
        Each: Map { items: $.list, max_concurrency: $.most, item_processor: { A: Task { call: work($), end } }, end }
    }
    let list = vec![5, 1, 2, 2];
    let (result, time) = timed(Free::run(list.clone())).await;
    assert_eq!((result.unwrap(), time), (list.clone(), s(5)));
    let (result, time) = timed(Two::run(list.clone())).await;
    assert_eq!((result.unwrap(), time), (list.clone(), s(5)));
    assert_eq!(timed(Two::run(vec![2, 2, 2])).await.1, s(4));
    let (result, time) = timed(Path::run(json!({ "list": list, "most": 1 }))).await;
    assert_eq!((result.unwrap(), time), (json!([5, 1, 2, 2]), s(10)));
    assert_eq!(timed(Path::run(json!({ "list": [3, 3], "most": 0 }))).await.1, s(3));
}

#[tokio::test(start_paused = true)]
async fn an_inline_map_runs_at_most_forty_items_at_a_time() {
    workflow! {
        Flow(Vec<u64>) -> Vec<u64>;
        Each: Map { items: $, item_processor: { A: Task { call: work($), end } }, end }
    }
    assert_eq!(timed(Flow::run(vec![1; 40])).await.1, s(1));
    assert_eq!(timed(Flow::run(vec![1; 41])).await.1, s(2));
}

#[tokio::test(start_paused = true)]
async fn the_first_branch_that_fails_cancels_its_siblings() {
    workflow! {
        Flow(&Log, u64) -> Json;
        Fan: Parallel {
            branches: [
                { A: Task { call: guarded($), next: B } B: Task { call: guarded(1), end } },
                { C: Task { call: fail_after(3), end } },
            ],
            end,
        }
    }
    let log = Log::default();
    let (result, time) = timed(Flow::run(&log, 10)).await;
    assert_eq!((error_name(result), time), ("Lambda.Unknown".to_owned(), s(3)));
    assert_eq!(log.lines(), ["dropped 10"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_item_that_fails_cancels_the_others_and_starts_no_more() {
    workflow! {
        Flow(&Log, Vec<u64>) -> Vec<u64>;
        Each: Map {
            items: $,
            max_concurrency: 2,
            item_processor: {
                Ask: Choice { $ == 3 => Bad, _ => Good }
                Bad: Task { call: fail_after($), end }
                Good: Task { call: guarded($), end }
            },
            end,
        }
    }
    let log = Log::default();
    let (result, time) = timed(Flow::run(&log, vec![3, 1, 9, 9])).await;
    assert_eq!((error_name(result), time), ("Lambda.Unknown".to_owned(), s(3)));
    assert_eq!(log.lines(), ["done 1", "dropped 9"]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_execution_drops_its_task() {
    workflow! {
        Flow(&Log, u64) -> u64;
        A: Task { call: guarded($), end }
    }
    let log = Log::default();
    let result = tokio::time::timeout(s(1), Flow::run(&log, 10)).await;
    assert!(result.is_err());
    assert_eq!(log.lines(), ["dropped 10"]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_times_out_is_dropped() {
    workflow! {
        Flow(&Log, u64) -> u64;
        A: Task { call: guarded($), timeout: 2s, catch: { error_equals: ["States.Timeout"], output: 0, next: B }, next: B }
        B: Succeed {}
    }
    let log = Log::default();
    assert_eq!(Flow::run(&log, 10).await.unwrap(), 0);
    assert_eq!(log.lines(), ["dropped 10"]);
}

#[tokio::test]
async fn a_loop_that_never_waits_can_be_cancelled() {
    workflow! {
        Spin(u32) -> u32;
        Here: Pass { next: Again }
        Again: Choice { $ == 0 => Here, _ => Done }
        Done: Succeed {}
    }
    let spinning = tokio::time::timeout(std::time::Duration::from_millis(5), Spin::run(0));
    assert!(spinning.await.is_err());
}
