//! Workflows that are called as tasks.

use std::fmt;

use serde_json::json;
use workflow_core::{InProcess, Json, TaskError, task, workflow};

use crate::support::{Record, failure};

#[derive(Debug)]
struct Shop {
    rate: u32,
}

#[derive(Debug, TaskError)]
enum PriceError {
    Free,
    TooDear,
}

impl fmt::Display for PriceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}!")
    }
}

#[task]
async fn price(shop: &Shop, n: u32) -> Result<u32, PriceError> {
    match n {
        0 => Err(PriceError::Free),
        100.. => Err(PriceError::TooDear),
        n => Ok(n * shop.rate),
    }
}

workflow! {
    Price(&Shop, u32) -> u32;
    Ask: Task { call: price($), next: Check }
    Check: Choice { $ == 13 => Unlucky, _ => Done }
    Unlucky: Fail { error: "Unlucky", cause: "thirteen" }
    Done: Succeed {}
}

const SHOP: Shop = Shop { rate: 1 };

#[tokio::test]
async fn a_workflow_is_called_like_a_task() {
    workflow! {
        Flow(&Shop, Json) -> Json;
        A: Task { call: Price($.n), result_path: $.price, end }
    }
    assert_eq!(
        Flow::run(&Shop { rate: 2 }, json!({ "n": 4 })).await.unwrap(),
        json!({ "n": 4, "price": 8 })
    );
}

#[tokio::test]
async fn the_errors_of_a_workflow_are_caught_by_variant_and_by_name() {
    workflow! {
        Flow(&Shop, u32) -> String;
        A: Task {
            call: Price,
            catch: [
                { error_equals: [PriceError::Free], output: "free", next: Done },
                { error_equals: ["PriceError.TooDear"], output: "dear", next: Done },
                { error_equals: ["Unlucky"], output: $.Cause, next: Done },
            ],
            output: "fine",
            next: Done,
        }
        Done: Succeed {}
    }
    let mut ends = Vec::new();
    for n in [0, 100, 13, 1] {
        ends.push(Flow::run(&SHOP, n).await.unwrap());
    }
    assert_eq!(ends, ["free", "dear", "thirteen", "fine"]);
}

#[tokio::test(start_paused = true)]
async fn a_nested_execution_is_retried_and_times_out() {
    workflow! {
        Slow(u32) -> u32;
        A: Wait { seconds: $, end }
    }
    workflow! {
        Flow(u32) -> String;
        A: Task {
            call: Slow($),
            timeout: 5s,
            retry: { error_equals: ["States.Timeout"], max_attempts: 1 },
            catch: { error_equals: ["States.Timeout"], output: "late", next: Done },
            output: "in time",
            next: Done,
        }
        Done: Succeed {}
    }
    assert_eq!(Flow::run(4).await.unwrap(), "in time");
    assert_eq!(Flow::run(6).await.unwrap(), "late");
}

#[tokio::test]
async fn a_workflow_calls_itself_until_it_ends() {
    workflow! {
        Factorial(u64) -> u64;
        Ask: Choice { $ <= 1 => One, _ => Less }
        One: Pass { output: 1, end }
        Less: Pass { assign: { n: $ }, output: $ - 1, next: Call }
        Call: Task { call: Factorial($), output: $ * $n, end }
    }
    assert_eq!(Factorial::run(10).await.unwrap(), 3_628_800);
}

#[tokio::test]
async fn executions_that_are_nested_too_deep_fail_instead_of_the_program() {
    workflow! {
        Down(u32) -> u32;
        Ask: Choice { $ == 0 => Done, _ => Less }
        Less: Pass { output: $ - 1, next: Call }
        Call: Task { call: Down($), end }
        Done: Succeed {}
    }
    assert_eq!(Down::run(100).await.unwrap(), 0);
    let (error, cause) = failure(Down::run(101).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.starts_with("an execution of `Down` would be nested in 100 others"), "{cause}");
}

#[tokio::test]
async fn a_workflow_calls_itself_in_a_branch_and_with_resources() {
    workflow! {
        Tree(&Shop, u32) -> u32;
        Ask: Choice { $ == 0 => Leaf, _ => Fan }
        Leaf: Task { call: price(1), end }
        Fan: Parallel {
            branches: [
                { L: Task { call: Tree($ - 1), end } },
                { R: Task { call: Tree($ - 1), end } },
            ],
            output: $[0] + $[1],
            end,
        }
    }
    assert_eq!(Tree::run(&Shop { rate: 3 }, 3).await.unwrap(), 24);
}

#[tokio::test]
async fn a_listener_hears_of_nested_executions() {
    workflow! {
        Inner(u32) -> u32;
        B: Pass { output: $ + 1, end }
    }
    workflow! {
        Outer(u32) -> u32;
        A: Task { call: Inner($), end }
    }
    let record = Record::default();
    InProcess::new(()).listener(&record).run::<Outer>(1).await.unwrap();
    assert_eq!(
        record.lines(),
        [
            "Outer started 1",
            "A entered 1",
            "A scheduled #0 1",
            "Inner started 1",
            "B entered 1",
            "B exited 2",
            "Inner succeeded 2",
            "A succeeded #0 2",
            "A exited 2",
            "Outer succeeded 2",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_nested_workflow_is_caught_around_it() {
    workflow! {
        Inner(u32) -> u32;
        timeout: 2s;
        A: Wait { seconds: 9, end }
    }
    workflow! {
        Outer(u32) -> u32;
        A: Task { call: Inner($), catch: { error_equals: ["States.Timeout"], output: 0, next: Done }, next: Done }
        Done: Succeed {}
    }
    assert_eq!(Outer::run(3).await.unwrap(), 0);
}

#[tokio::test]
async fn an_error_of_a_nested_execution_fails_the_state_that_called_it() {
    workflow! {
        Flow(&Shop, u32) -> u32;
        Call: Task { call: Price($), end }
    }
    let error = Flow::run(&SHOP, 0).await.unwrap_err();
    assert_eq!(
        (error.error(), error.cause(), error.state()),
        ("PriceError.Free", "Free!", Some("Call"))
    );
}
