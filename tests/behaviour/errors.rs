//! Catchers, Fail states, and what an error of an execution says.

use serde_json::json;
use workflow_core::{ErrorOutput, InProcess, Json, LambdaError, task, workflow};

use crate::payment::{PaymentError, pay};
use crate::support::{echo, failure};

/// Fails with an error of any name.
#[task]
async fn raise(error: String) -> Result<u32, ErrorOutput> {
    Err(*ErrorOutput::new(error, "because"))
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

#[tokio::test]
async fn a_fail_state_fails_with_the_variant_of_an_error_type() {
    workflow! {
        pub Refuse(Json) -> Json;
        Refused: Fail { error: PaymentError::Declined, cause: $.reason }
    }
    workflow! {
        Flow(Json) -> Json;
        Ask: Task { call: Refuse($), catch: { error_equals: [PaymentError::Declined], next: Done, output: json($) }, next: Done }
        Done: Succeed {}
    }
    assert_eq!(
        Flow::run(json!({ "reason": "no cash" })).await.unwrap(),
        json!({ "Error": "PaymentError.Declined", "Cause": "no cash" })
    );
    let definition: Json = serde_json::from_str(&Refuse::asl().unwrap()).unwrap();
    assert_eq!(
        definition["States"]["Refused"],
        json!({ "Type": "Fail", "Error": "PaymentError.Declined", "CausePath": "$.reason" })
    );
}
