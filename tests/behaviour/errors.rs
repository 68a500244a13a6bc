//! Retriers and catchers.

use std::fmt;
use std::time::Duration;

use serde_json::json;
use workflow_core::{
    ErrorOutput, InProcess, Json, LambdaError, TaskContext, TaskError, task, workflow,
};

use crate::support::{Record, error_name, failure, timed};

#[derive(Debug, TaskError)]
enum PaymentError {
    Declined,
    #[task_error(name = "Bank.Closed")]
    Closed,
    #[task_error(transparent)]
    Lambda(LambdaError),
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declined => f.write_str("the bank said no"),
            Self::Closed => f.write_str("the bank is closed"),
            Self::Lambda(error) => error.fmt(f),
        }
    }
}

/// Fails with the errors of the letters, one an attempt, then succeeds with the number of attempts before.
#[task]
async fn pay(errors: String, ctx: TaskContext) -> Result<u32, PaymentError> {
    match errors.chars().nth(ctx.retry_count() as usize) {
        Some('d') => Err(PaymentError::Declined),
        Some('c') => Err(PaymentError::Closed),
        Some('l') => Err(PaymentError::Lambda(LambdaError::ServiceException("busy".to_owned()))),
        _ => Ok(ctx.retry_count()),
    }
}

/// Fails with an error of any name.
#[task]
async fn raise(error: String) -> Result<u32, ErrorOutput> {
    Err(*ErrorOutput::new(error, "because"))
}

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

#[tokio::test]
async fn the_first_catcher_that_takes_the_error_goes_on() {
    workflow! {
        Flow(String) -> String;
        Pay: Task {
            call: pay($),
            catch: [
                { error_equals: [PaymentError::Declined], output: "declined", next: Done },
                { error_equals: [LambdaError::ServiceException], output: "service", next: Done },
                { error_equals: ["States.TaskFailed"], output: "other", next: Done },
            ],
            output: "paid",
            next: Done,
        }
        Done: Succeed {}
    }
    let mut ends = Vec::new();
    for errors in ["d", "l", "c", ""] {
        ends.push(Flow::run(errors.to_owned()).await.unwrap());
    }
    assert_eq!(ends, ["declined", "service", "other", "paid"]);
}

#[tokio::test]
async fn a_caught_error_is_the_input_of_the_next_state() {
    workflow! {
        Flow(String) -> Json;
        Pay: Task { call: pay($), catch: { error_equals: ["States.ALL"], next: Done }, output_path: $, result_path: $, next: Paid }
        Done: Pass { output: $, end }
        Paid: Pass { output: $, end }
    }
    assert_eq!(
        Flow::run("d".to_owned()).await.unwrap(),
        json!({ "Error": "PaymentError.Declined", "Cause": "the bank said no" })
    );
}

#[tokio::test]
async fn a_catcher_puts_the_error_into_the_input() {
    workflow! {
        Flow(Json) -> Json;
        Pay: Task {
            call: pay($.errors),
            result_selector: { "never": $ },
            catch: { error_equals: ["States.ALL"], result_path: $.failed, next: Done },
            next: Done,
        }
        Done: Succeed {}
    }
    assert_eq!(
        Flow::run(json!({ "errors": "c" })).await.unwrap(),
        json!({ "errors": "c", "failed": { "Error": "Bank.Closed", "Cause": "the bank is closed" } })
    );
}

#[tokio::test]
async fn a_catcher_keeps_the_input_or_makes_an_output_of_both() {
    workflow! {
        Flow(String) -> Json;
        Pay: Task {
            call: pay($),
            catch: [
                { error_equals: [PaymentError::Declined], result_path: null, next: Kept },
                { error_equals: [PaymentError::Closed], output: { "why": $states.errorOutput.Cause, "of": $states.input }, next: Made },
            ],
            next: Paid,
        }
        Kept: Pass { output: { "kept": $ }, end }
        Made: Pass { end }
        Paid: Pass { output: { "paid": $ }, end }
    }
    assert_eq!(Flow::run("d".to_owned()).await.unwrap(), json!({ "kept": "d" }));
    assert_eq!(
        Flow::run("c".to_owned()).await.unwrap(),
        json!({ "why": "the bank is closed", "of": "c" })
    );
}

#[tokio::test]
async fn wildcards_take_what_they_take_on_aws() {
    workflow! {
        All(String) -> String;
        A: Task { call: raise($), catch: { error_equals: ["States.ALL"], output: "caught", next: Done }, output: "fine", next: Done }
        Done: Succeed {}
    }
    workflow! {
        Failed(String) -> String;
        A: Task { call: raise($), catch: { error_equals: ["States.TaskFailed"], output: "caught", next: Done }, output: "fine", next: Done }
        Done: Succeed {}
    }
    let all = async |name: &str| All::run(name.to_owned()).await.is_ok();
    let failed = async |name: &str| Failed::run(name.to_owned()).await.is_ok();
    assert!(all("Mine").await && failed("Mine").await);
    assert!(all("States.Timeout").await && !failed("States.Timeout").await);
    assert!(all("States.Permissions").await && failed("States.Permissions").await);
    assert!(!all("States.Runtime").await && !failed("States.Runtime").await);
    assert!(all("States.DataLimitExceeded").await);
}

#[tokio::test]
async fn an_error_of_the_data_is_not_caught() {
    workflow! {
        Flow(Json) -> Json;
        Pay: Task { call: pay($.missing), retry: { error_equals: ["States.ALL"] }, catch: { error_equals: ["States.ALL"], result_path: null, next: Done }, result_path: null, next: Done }
        Done: Succeed {}
    }
    let error = Flow::run(json!({})).await.unwrap_err();
    assert_eq!((error.error(), error.state()), ("States.Runtime", Some("Pay")));
    assert_eq!(error.cause(), "Invalid path '$.missing' : No results for path: $['missing']");
}

#[tokio::test]
async fn an_execution_error_names_the_state_and_the_workflow() {
    workflow! {
        Flow(String) -> u32;
        Pay: Task { call: pay($), end }
    }
    let error = InProcess::new(()).name("first").run::<Flow>("d".to_owned()).await.unwrap_err();
    assert_eq!(error.to_string(), "execution first of `Flow` failed in state `Pay`");
    assert_eq!(error.state(), Some("Pay"));
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "PaymentError.Declined: the bank said no");
}

#[tokio::test]
async fn a_fail_state_fails_with_what_it_says() {
    workflow! {
        Fixed(Json) -> Json;
        A: Fail { error: "Mine", cause: "on purpose" }
    }
    workflow! {
        Paths(Json) -> Json;
        A: Fail { error: $.error, cause: format("{} of {}", $.cause, $.error) }
    }
    workflow! {
        Bare(Json) -> Json;
        A: Fail {}
    }
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(failure(Fixed::run(json!({})).await), pair("Mine", "on purpose"));
    assert_eq!(
        failure(Paths::run(json!({ "error": "E", "cause": "c" })).await),
        pair("E", "c of E")
    );
    assert_eq!(failure(Bare::run(json!({})).await), pair("", ""));
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

#[tokio::test]
async fn a_fail_state_in_a_branch_is_caught_by_its_name() {
    workflow! {
        Flow(Json) -> Json;
        Fan: Parallel {
            branches: [{ A: Fail { error: "Mine", cause: "on purpose" } }, { B: Pass { end } }],
            catch: { error_equals: ["Mine"], output: $.Cause, next: Done },
            output: "fine",
            next: Done,
        }
        Done: Pass { output: { "why": $ }, end }
    }
    assert_eq!(Flow::run(json!({})).await.unwrap(), json!({ "why": "on purpose" }));
}

#[tokio::test]
async fn an_error_of_a_branch_names_the_state_inside() {
    workflow! {
        Flow(String) -> (u32,);
        Fan: Parallel { branches: [{ A: Task { call: pay($), end } }], end }
    }
    let error = Flow::run("d".to_owned()).await.unwrap_err();
    assert_eq!((error.error(), error.state()), ("PaymentError.Declined", Some("A")));
}

#[tokio::test]
async fn a_parallel_state_hands_its_input_to_its_catcher_and_its_output() {
    workflow! {
        Flow(Json) -> Json;
        Fan: Parallel {
            input_path: $.errors,
            branches: [{ A: Pass { end } }, { B: Task { call: pay($), end } }],
            catch: { error_equals: ["States.ALL"], output: { "why": $.Error, "of": $states.input.id }, next: Done },
            output: { "of": $states.input.id, "result": $[1] },
            next: Done,
        }
        Done: Succeed {}
    }
    assert_eq!(
        Flow::run(json!({ "id": 7, "errors": "c" })).await.unwrap(),
        json!({ "why": "Bank.Closed", "of": 7 })
    );
    assert_eq!(
        Flow::run(json!({ "id": 7, "errors": "" })).await.unwrap(),
        json!({ "of": 7, "result": 0 })
    );
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

#[task]
async fn echo(data: Json) -> Json {
    data
}

#[tokio::test]
async fn an_error_in_the_parameters_of_a_task_is_caught_as_one_in_its_arguments() {
    workflow! {
        Arguments(String) -> Json;
        A: Task { call: echo(string_to_json($)), catch: { error_equals: ["States.ALL"], output: $.Error, next: Done }, output: "fine", next: Done }
        Done: Succeed {}
    }
    workflow! {
        Parameters(String) -> Json;
        A: Task { parameters: string_to_json($), call: echo($), catch: { error_equals: ["States.ALL"], output: $.Error, next: Done }, output: "fine", next: Done }
        Done: Succeed {}
    }
    let failed = "States.IntrinsicFailure";
    assert_eq!(Arguments::run("{".to_owned()).await.unwrap(), failed);
    assert_eq!(Parameters::run("{".to_owned()).await.unwrap(), failed);
}

#[tokio::test]
async fn an_error_in_the_result_selector_of_a_task_is_caught_as_one_of_the_task() {
    workflow! {
        Selected(String) -> Json;
        A: Task { call: echo($), result_selector: string_to_json($), catch: { error_equals: ["States.ALL"], output: { "failed": $.Error }, next: Done }, next: Done }
        Done: Succeed {}
    }
    workflow! {
        SelectedAndMerged(Json) -> Json;
        A: Task {
            call: echo($),
            result_selector: { "read": string_to_json($.text) },
            result_path: $.result,
            catch: { error_equals: ["States.ALL"], result_path: $.error, next: Done },
            next: Done,
        }
        Done: Succeed {}
    }
    let failed = Selected::run("{".to_owned()).await.unwrap();
    assert_eq!(failed["failed"], "States.IntrinsicFailure");
    assert_eq!(Selected::run("[1]".to_owned()).await.unwrap(), serde_json::json!([1]));
    let merged = SelectedAndMerged::run(serde_json::json!({ "text": "{" })).await.unwrap();
    assert_eq!(merged["error"]["Error"], "States.IntrinsicFailure");
    assert_eq!(merged["text"], "{");
    let merged = SelectedAndMerged::run(serde_json::json!({ "text": "3" })).await.unwrap();
    assert_eq!(merged["result"], serde_json::json!({ "read": 3 }));
}

#[tokio::test(start_paused = true)]
async fn a_failure_names_the_state_it_comes_from() {
    workflow! {
        Retried(String) -> u32;
        Before: Pass { next: Pay }
        Pay: Task { call: pay($), retry: { error_equals: [PaymentError::Closed], max_attempts: 1 }, end }
    }
    workflow! {
        Once(String) -> u32;
        Before: Pass { next: Pay }
        Pay: Task { call: pay($), end }
    }
    workflow! {
        Limited(String) -> u32;
        Before: Pass { next: Pay }
        Pay: Task { call: pay($), timeout: 5s, assign: { n: $ }, end }
    }
    workflow! {
        Inside(String) -> (u32,);
        All: Parallel { branches: [{ Pay: Task { call: pay($), end } }], end }
    }
    workflow! {
        Computed(Json) -> Json;
        Pay: Pass { output: $.missing, end }
    }
    let (spent, declined) = ("cc".to_owned(), "d".to_owned());
    assert_eq!(Retried::run(spent).await.unwrap_err().state(), Some("Pay"));
    assert_eq!(Retried::run(declined.clone()).await.unwrap_err().state(), Some("Pay"));
    assert_eq!(Once::run(declined.clone()).await.unwrap_err().state(), Some("Pay"));
    assert_eq!(Limited::run(declined.clone()).await.unwrap_err().state(), Some("Pay"));
    assert_eq!(Inside::run(declined).await.unwrap_err().state(), Some("Pay"));
    assert_eq!(Computed::run(json!({})).await.unwrap_err().state(), Some("Pay"));
}
