//! Data through a state: the data-flow fields in the order of ASL.

use serde_json::json;
use workflow_core::{Json, task, workflow};

use crate::order::{Order, Receipt, bill, order, receipt};
use crate::support::{echo, failure};

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[tokio::test]
async fn input_path_selects_what_a_task_works_on() {
    workflow! {
        Flow(Json) -> Json;
        A: Task { call: double($), input_path: $.a.n, end }
    }
    assert_eq!(Flow::run(json!({ "a": { "n": 4 } })).await.unwrap(), json!(8));
}

#[tokio::test]
async fn an_input_path_of_null_is_an_empty_object() {
    workflow! {
        Flow(Json) -> Json;
        A: Task { call: echo($), input_path: null, result_path: $.seen, end }
    }
    assert_eq!(Flow::run(json!({ "a": 1 })).await.unwrap(), json!({ "a": 1, "seen": {} }));
}

#[tokio::test]
async fn parameters_are_computed_after_input_path() {
    workflow! {
        Flow(Json) -> Json;
        A: Task { input_path: $.in, parameters: { "x": $.n, "y": [$.n, 1, null, "t", 1.5, true] }, call: echo($), end }
    }
    assert_eq!(
        Flow::run(json!({ "in": { "n": 3 } })).await.unwrap(),
        json!({ "x": 3, "y": [3, 1, null, "t", 1.5, true] })
    );
}

#[task]
async fn divide(dividend: i64, divisor: i64) -> i64 {
    dividend / divisor
}

#[tokio::test]
async fn parameters_are_the_arguments_of_a_task() {
    workflow! {
        Flow(Json) -> i64;
        A: Task { parameters: { "divisor": $.by, "dividend": $.of }, call: divide, assign: { half: $ }, next: B }
        B: Task {
            parameters: { "dividend": $half, "divisor": 3 },
            call: divide($),
            retry: { error_equals: ["States.TaskFailed"] },
            end,
        }
    }
    assert_eq!(Flow::run(json!({ "of": 12, "by": 2 })).await.unwrap(), 2);
}

#[tokio::test]
async fn the_fields_apply_in_the_order_of_asl() {
    workflow! {
        Flow(Json) -> Json;
        A: Task {
            input_path: $.in,
            parameters: { "p": $ },
            call: echo($),
            result_selector: { "s": $.p },
            result_path: $.out.put,
            output_path: $.out,
            end,
        }
    }
    assert_eq!(
        Flow::run(json!({ "in": 1, "other": 2 })).await.unwrap(),
        json!({ "put": { "s": 1 } })
    );
}

#[tokio::test]
async fn result_path_of_null_keeps_the_input() {
    workflow! {
        Flow(Order) -> Order;
        A: Task { call: bill($.id), result_path: null, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), order());
}

#[tokio::test]
async fn result_path_of_the_whole_replaces_the_input() {
    workflow! {
        Flow(Order) -> Receipt;
        A: Task { call: bill($.id), result_path: $, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), receipt(7));
}

#[tokio::test]
async fn result_path_puts_the_result_into_an_optional_field() {
    workflow! {
        Flow(Order) -> Order;
        A: Task { call: bill($.id), result_path: $.receipt, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), Order { receipt: Some(receipt(7)), ..order() });
}

#[tokio::test]
async fn result_path_puts_a_result_into_a_field_of_a_field() {
    workflow! {
        Flow(Order) -> Order;
        A: Pass { result: "Bonn", result_path: $.address.city, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap().address.city, "Bonn");
}

#[tokio::test]
async fn result_path_puts_an_element_into_a_list() {
    workflow! {
        Flow(Vec<i64>) -> Vec<i64>;
        A: Pass { result: 9, result_path: $[1], end }
    }
    assert_eq!(Flow::run(vec![1, 2, 3]).await.unwrap(), [1, 9, 3]);
}

#[tokio::test]
async fn result_path_into_what_is_no_object_fails() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { result: 1, result_path: $.a, end }
    }
    let (error, cause) = failure(Flow::run(json!(5)).await);
    assert_eq!(error, "States.ResultPathMatchFailure");
    assert!(cause.contains("'$.a'"), "{cause}");
}

#[tokio::test]
async fn output_path_selects_from_what_result_path_made() {
    workflow! {
        Flow(Order) -> f64;
        A: Task { call: bill($.id), result_path: $.receipt, output_path: $.unitPrice, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), 2.5);
}

#[tokio::test]
async fn an_output_path_of_null_is_an_empty_object() {
    workflow! {
        Flow(Order) -> Json;
        A: Pass { output_path: null, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), json!({}));
}

#[tokio::test]
async fn output_sees_the_input_and_the_result() {
    workflow! {
        Flow(Order) -> Json;
        A: Task { call: bill($.id), output: { "of": $states.input.id, "number": $states.result.number, "same": $.number }, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), json!({ "of": 7, "number": 7, "same": 7 }));
}

#[tokio::test]
async fn the_input_of_output_is_the_raw_one() {
    workflow! {
        Flow(Json) -> Json;
        A: Task { input_path: $.n, call: double($), output: [$states.input, $states.result], end }
    }
    assert_eq!(Flow::run(json!({ "n": 2 })).await.unwrap(), json!([{ "n": 2 }, 4]));
}

#[tokio::test]
async fn a_path_that_json_lacks_fails_with_the_text_of_aws() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { output_path: $.a.b, end }
    }
    let fails = async |input| failure(Flow::run(input).await);
    let runtime = |cause: &str| ("States.Runtime".to_owned(), cause.to_owned());
    assert_eq!(
        fails(json!({ "a": {} })).await,
        runtime("Invalid path '$.a.b' : No results for path: $['a']['b']")
    );
    assert_eq!(
        fails(json!({})).await,
        runtime("Invalid path '$.a.b' : Missing property in path $['a']")
    );
}

#[tokio::test]
async fn a_pass_state_hands_on_its_input_and_a_succeed_state_ends() {
    workflow! {
        Flow(Order) -> String;
        A: Pass { next: B }
        B: Succeed { input_path: $.address, output_path: $.city }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), "Ulm");
}

#[tokio::test]
async fn one_input_can_be_read_many_times() {
    workflow! {
        Flow(Order) -> Json;
        A: Pass { output: { "a": $.address, "b": $.address.city, "c": $ }, end }
    }
    let address = json!({ "city": "Ulm", "zip": null });
    let whole = json!({ "id": 7, "unitPrice": 2.5, "address": address });
    assert_eq!(Flow::run(order()).await.unwrap(), json!({ "a": address, "b": "Ulm", "c": whole }));
}
