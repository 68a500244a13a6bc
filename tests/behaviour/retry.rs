//! Retriers: which errors they take, how often, and when the next attempt is.

use std::time::Duration;

use serde_json::json;
use workflow_core::{InProcess, Json, workflow};

use crate::payment::{PaymentError, pay};
use crate::support::{Record, error_name, failure, timed};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_retrier_waits_one_two_and_four_seconds_by_default() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task { call: pay($), retry: { error_equals: [PaymentError::Declined] }, end }
    }
    let (result, time) = timed(Flow::run("ddd".to_owned())).await;
    assert_eq!((result.unwrap(), time), (3, s(7)));
    let (result, time) = timed(Flow::run("dddd".to_owned())).await;
    assert_eq!(
        (failure(result), time),
        (("PaymentError.Declined".to_owned(), "the bank said no".to_owned()), s(7))
    );
}

#[tokio::test(start_paused = true)]
async fn the_delay_grows_by_the_rate_up_to_its_maximum() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task {
            call: pay($),
            retry: { error_equals: ["States.ALL"], interval: 3s, max_attempts: 4, backoff_rate: 3, max_delay: 10s },
            end,
        }
    }
    let (result, time) = timed(Flow::run("dclc".to_owned())).await;
    assert_eq!((result.unwrap(), time), (4, s(3 + 9 + 10 + 10)));
}

#[tokio::test(start_paused = true)]
async fn each_retrier_counts_by_itself() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task {
            call: pay($),
            retry: [
                { error_equals: [PaymentError::Declined], interval: 1s, max_attempts: 2, backoff_rate: 1.0 },
                { error_equals: ["Bank.Closed"], interval: 10s, max_attempts: 1 },
            ],
            end,
        }
    }
    let (result, time) = timed(Flow::run("dcd".to_owned())).await;
    assert_eq!((result.unwrap(), time), (3, s(12)));
    assert_eq!(error_name(Flow::run("dcdd".to_owned()).await), "PaymentError.Declined");
    assert_eq!(error_name(Flow::run("cdc".to_owned()).await), "Bank.Closed");
    assert_eq!(error_name(Flow::run("l".to_owned()).await), "Lambda.ServiceException");
}

#[tokio::test(start_paused = true)]
async fn a_spent_retrier_hands_over_to_the_catchers_and_not_to_the_next_retrier() {
    workflow! {
        Flow(String) -> Json;
        Pay: Task {
            call: pay($),
            retry: [
                { error_equals: [PaymentError::Declined], max_attempts: 1 },
                { error_equals: ["States.ALL"], max_attempts: 5 },
            ],
            catch: { error_equals: ["States.ALL"], next: Caught },
            output: $,
            next: Done,
        }
        Caught: Pass { output: { "caught": $.Error }, end }
        Done: Pass { output: { "paid": $ }, end }
    }
    let (result, time) = timed(Flow::run("dd".to_owned())).await;
    assert_eq!((result.unwrap(), time), (json!({ "caught": "PaymentError.Declined" }), s(1)));
}

#[tokio::test(start_paused = true)]
async fn no_attempts_means_never_and_hides_the_error_from_later_retriers() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task {
            call: pay($),
            retry: [{ error_equals: ["Bank.Closed"], max_attempts: 0 }, { error_equals: ["States.ALL"] }],
            end,
        }
    }
    assert_eq!(error_name(Flow::run("c".to_owned()).await), "Bank.Closed");
    assert_eq!(Flow::run("d".to_owned()).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn full_jitter_waits_at_most_the_delay() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task { call: pay($), retry: { error_equals: ["States.ALL"], interval: 8s, max_attempts: 1, jitter: FULL }, end }
    }
    let mut times = Vec::new();
    for _ in 0..20 {
        times.push(timed(Flow::run("d".to_owned())).await.1);
    }
    assert!(times.iter().all(|time| *time <= s(8) + Duration::from_millis(1)), "{times:?}");
    assert!(times.iter().any(|time| *time != times[0]), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn named_policies_stand_beside_retriers() {
    workflow! {
        Flow(String) -> u32;
        retry BANK = { error_equals: ["Bank.Closed"], interval: 60s, max_attempts: 1 };
        retry SERVICE = [
            { error_equals: ["Lambda.ServiceException"], interval: 5s, max_attempts: 1 },
        ];
        Pay: Task { call: pay($), retry: [BANK, SERVICE, { error_equals: ["States.TaskFailed"], max_attempts: 1 }], end }
    }
    let (result, time) = timed(Flow::run("cld".to_owned())).await;
    assert_eq!((result.unwrap(), time), (3, s(60 + 5 + 1)));
}

#[tokio::test(start_paused = true)]
async fn a_parallel_state_is_retried_as_a_whole() {
    workflow! {
        Flow(String) -> Json;
        Fan: Parallel {
            branches: [
                { A: Pass { end } },
                { B: Task { call: pay($), end } },
            ],
            retry: { error_equals: [PaymentError::Declined], max_attempts: 2 },
            catch: { error_equals: ["States.ALL"], result_path: null, next: Caught },
            output: { "all": $ },
            next: Done,
        }
        Caught: Pass { output: { "caught": $ }, end }
        Done: Succeed {}
    }
    let record = Record::default();
    let engine = InProcess::new(()).listener(&record);
    let (result, time) = timed(engine.run::<Flow>("d".to_owned())).await;
    assert_eq!((result.unwrap(), time), (json!({ "caught": "d" }), s(1 + 2)));
    assert_eq!(
        record.entered(),
        ["Fan", "Fan[0]/A", "Fan[1]/B", "Fan[0]/A", "Fan[1]/B", "Fan[0]/A", "Fan[1]/B", "Caught"]
    );
    assert_eq!(Flow::run(String::new()).await.unwrap(), json!({ "all": ["", 0] }));
}

#[tokio::test(start_paused = true)]
async fn a_map_state_is_retried_as_a_whole_and_catches_the_errors_of_its_items() {
    workflow! {
        Flow(Vec<String>) -> Json;
        Each: Map {
            items: $,
            item_processor: { Pay: Task { call: pay($), end } },
            retry: { error_equals: ["Bank.Closed"], interval: 5s, max_attempts: 1 },
            catch: { error_equals: [PaymentError::Closed, PaymentError::Declined], output: $.Error, next: Done },
            output: $,
            next: Paid,
        }
        Paid: Pass { output: { "paid": $ }, end }
        Done: Pass { output: { "failed": $ }, end }
    }
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    let (result, time) = timed(Flow::run(list(&["", "c"]))).await;
    assert_eq!((result.unwrap(), time), (json!({ "failed": "Bank.Closed" }), s(5)));
    assert_eq!(Flow::run(list(&["", ""])).await.unwrap(), json!({ "paid": [0, 0] }));
    assert_eq!(error_name(Flow::run(list(&["l"])).await), "Lambda.ServiceException");
}

#[tokio::test(start_paused = true)]
async fn one_branch_goes_on_while_another_backs_off() {
    workflow! {
        Flow(String) -> Json;
        Fan: Parallel {
            branches: [
                { A: Task { call: pay($), retry: { error_equals: ["States.ALL"], interval: 10s }, end } },
                { B: Wait { seconds: 7, end } },
            ],
            end,
        }
    }
    assert_eq!(timed(Flow::run("d".to_owned())).await.1, s(10));
}
