//! The intrinsic functions, with typed arguments and with JSON.

use serde_json::json;
use workflow_core::{Json, workflow};

use crate::support::failure;

/// Runs an expression on an input, and gives its value as JSON.
macro_rules! value {
    ($input:expr, $ty:ty, $($expression:tt)+) => {{
        workflow! {
            Flow($ty) -> Json;
            A: Pass { output: $($expression)+, end }
        }
        Flow::run($input).await.unwrap()
    }};
}

#[tokio::test]
async fn text_functions() {
    assert_eq!(
        value!(json!({ "n": "Ada", "k": 3 }), Json, format("{} has {}", $.n, $.k)),
        "Ada has 3"
    );
    assert_eq!(value!("a,b;c".to_owned(), String, string_split($, ",;")), json!(["a", "b", "c"]));
    assert_eq!(value!("hi".to_owned(), String, base64_encode($)), "aGk=");
    assert_eq!(value!(json!("aGk="), Json, base64_decode($)), "hi");
    assert_eq!(
        value!("hi".to_owned(), String, hash($, "SHA-1")),
        "c22b5f9178342609428d6f51b2c5af4c0bde6a42"
    );
    assert_eq!(value!(0, u32, uuid()).as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn json_functions() {
    assert_eq!(value!("{\"a\":[1]}".to_owned(), String, string_to_json($)), json!({ "a": [1] }));
    assert_eq!(value!(vec![1, 2], Vec<u32>, json_to_string($)), "[1,2]");
    assert_eq!(
        value!(json!({ "a": { "x": 1 }, "b": { "y": 2 } }), Json, json_merge($.a, $.b, false)),
        json!({ "x": 1, "y": 2 })
    );
}

#[tokio::test]
async fn array_functions_on_types() {
    let list = vec![3_i64, 1, 3];
    assert_eq!(value!(list.clone(), Vec<i64>, array($[0], "x", null)), json!([3, "x", null]));
    assert_eq!(value!(list.clone(), Vec<i64>, array_partition($, 2)), json!([[3, 1], [3]]));
    assert_eq!(value!(list.clone(), Vec<i64>, array_contains($, 1)), json!(true));
    assert_eq!(value!(list.clone(), Vec<i64>, array_get_item($, 1) + 1), json!(2));
    assert_eq!(value!(list.clone(), Vec<i64>, array_length($)), json!(3));
    assert_eq!(value!(list, Vec<i64>, array_unique($)), json!([3, 1]));
    assert_eq!(value!(9, i64, array_range(1, $, 4)), json!([1, 5, 9]));
}

#[tokio::test]
async fn array_functions_on_json() {
    let list = json!({ "l": [3, 1, 3], "n": 2 });
    assert_eq!(value!(list.clone(), Json, array($.l, $.n)), json!([[3, 1, 3], 2]));
    assert_eq!(value!(list.clone(), Json, array_partition($.l, $.n)), json!([[3, 1], [3]]));
    assert_eq!(value!(list.clone(), Json, array_contains($.l, $.n)), json!(false));
    assert_eq!(value!(list.clone(), Json, array_get_item($.l, $.n)), json!(3));
    assert_eq!(value!(list.clone(), Json, array_length($.l)), json!(3));
    assert_eq!(value!(list.clone(), Json, array_unique($.l)), json!([3, 1]));
    assert_eq!(value!(list, Json, array_range(0, $.n, 1)), json!([0, 1, 2]));
}

#[tokio::test]
async fn math_functions() {
    assert_eq!(value!(5_u8, u8, math_add($, -7)), json!(-2));
    assert_eq!(value!(json!({ "n": 5 }), Json, math_add($.n, $.n)), json!(10));
    let random = value!(json!({ "n": 5 }), Json, math_random(1, $.n)).as_i64().unwrap();
    assert!((1..5).contains(&random), "{random}");
    assert_eq!(value!(0, u32, math_random(1, 1000, 7)), value!(0, u32, math_random(1, 1000, 7)));
}

#[tokio::test]
async fn functions_nest_and_stand_in_conditions_and_arguments() {
    workflow! {
        Flow(String) -> i64;
        Ask: Choice { array_length(string_split($, "-")) > 1 => Many, _ => One }
        Many: Pass { output: math_add(array_length(string_split($, "-")), -1), end }
        One: Pass { output: 0, end }
    }
    assert_eq!(Flow::run("a-b-c".to_owned()).await.unwrap(), 2);
    assert_eq!(Flow::run("a".to_owned()).await.unwrap(), 0);
}

#[tokio::test]
async fn typed_results_go_into_typed_places() {
    workflow! {
        Flow(Vec<String>) -> Vec<Vec<String>>;
        A: Pass { output: array_partition(array_unique($), 2), end }
    }
    let list = ["a", "b", "a", "c"].map(str::to_owned).to_vec();
    assert_eq!(Flow::run(list).await.unwrap(), [vec!["a", "b"], vec!["c"]]);
}

#[tokio::test]
async fn a_function_that_fails_fails_the_execution() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { output: string_to_json($), end }
    }
    let (error, cause) = failure(Flow::run(json!("{")).await);
    assert_eq!(error, "States.IntrinsicFailure");
    assert!(cause.contains("States.StringToJson"), "{cause}");
}
