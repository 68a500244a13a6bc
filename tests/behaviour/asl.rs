//! Definitions of ASL between the braces: what is Json goes as on AWS, what is typed is typed.

use serde_json::json;
use shop::{Order, Receipt};
use workflow_core::{ErrorOutput, Json, states, task, workflow};

fn order() -> Order {
    serde_json::from_value(json!({
        "id": "7", "total": 10, "express": false, "items": [], "coupon": null, "receipt": null,
        "status": "Paid", "placedAt": "2026-03-14T01:59:00Z", "notes": {},
    }))
    .expect("it is an order")
}

#[task]
async fn halve(number: Json) -> Result<Json, ErrorOutput> {
    match number.as_i64() {
        Some(even) if even % 2 == 0 => Ok(json!(even / 2)),
        _ => Err(*ErrorOutput::new("Odd", format!("{number} is not even"))),
    }
}

workflow! {
    Halves(Json) -> Json;
    asl: {
        "StartAt": "All",
        "States": {
            "All": {
                "Type": "Map",
                "ItemsPath": "$.numbers",
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "Halve",
                    "States": { "Halve": { "Type": "Task", "Resource": halve, "End": true } }
                },
                "ToleratedFailureCountPath": "$.tolerated",
                "End": true
            }
        }
    }
}

#[tokio::test]
async fn a_distributed_map_tolerates_as_many_failures_as_it_says() {
    let output =
        Halves::run(json!({ "numbers": [2, 3, 8], "tolerated": 1 })).await.expect("one fails");
    let failed = json!({ "Status": "FAILED", "Error": "Odd", "Cause": "3 is not even" });
    assert_eq!(output, json!([1, failed, 4]));
    let error =
        Halves::run(json!({ "numbers": [1, 3, 8], "tolerated": 1 })).await.expect_err("two fail");
    assert_eq!(error.error(), "States.ExceedToleratedFailureThreshold");
    let error =
        Halves::run(json!({ "numbers": [1, 2], "tolerated": 0 })).await.expect_err("none may fail");
    assert_eq!(error.error(), "States.ExceedToleratedFailureThreshold");
}

workflow! {
    Routes(Json) -> Json;
    asl: {
        "StartAt": "Try",
        "States": {
            "Try": {
                "Type": "Task",
                "Resource": halve,
                "InputPath": "$.number",
                "Catch": [{ "ErrorEquals": ["Odd"], "ResultPath": "$.error", "Next": "Both" }],
                "ResultPath": "$.half",
                "Next": "Both"
            },
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {
                        "StartAt": "Second",
                        "States": {
                            "First": { "Type": "Pass", "Parameters": { "twice.$": "$twice" }, "End": true },
                            "Second": { "Type": "Pass", "Assign": { "twice.$": "States.MathAdd($.number, $.number)" }, "Next": "First" }
                        }
                    },
                    { "StartAt": "Third", "States": { "Third": { "Type": "Pass", "InputPath": "$.missing[*].name", "End": true } } }
                ],
                "ResultPath": "$.both",
                "End": true
            }
        }
    }
}

#[tokio::test]
async fn data_without_a_type_meet_after_a_catcher_and_branches_start_where_they_say() {
    let output = Routes::run(json!({ "number": 4 })).await.expect("it is even");
    assert_eq!(output, json!({ "number": 4, "half": 2, "both": [{ "twice": 8 }, []] }));
    let output = Routes::run(json!({ "number": 3 })).await.expect("the error is caught");
    let error = json!({ "Error": "Odd", "Cause": "3 is not even" });
    assert_eq!(output, json!({ "number": 3, "error": error, "both": [{ "twice": 6 }, []] }));
}

workflow! {
    Compared(Json) -> Json;
    asl: {
        "StartAt": "Compare",
        "States": {
            "Compare": {
                "Type": "Choice",
                "Choices": [
                    { "Variable": "$.a", "StringEqualsPath": "$.b", "Next": "Texts" },
                    { "Variable": "$.a", "NumericLessThanPath": "$.b", "Next": "Numbers" },
                    { "Variable": "$.a", "TimestampEquals": "2026-03-14T01:59:00Z", "Next": "Times" }
                ]
            },
            "Texts": { "Type": "Pass", "Result": "texts", "End": true },
            "Numbers": { "Type": "Pass", "Result": "numbers", "End": true },
            "Times": { "Type": "Pass", "Result": "times", "End": true }
        }
    }
}

#[tokio::test]
async fn a_comparison_holds_only_for_values_of_its_type_and_no_rule_may_match() {
    for (input, expected) in [
        (json!({ "a": "x", "b": "x" }), "texts"),
        (json!({ "a": 1, "b": 2 }), "numbers"),
        (json!({ "a": "2026-03-14T02:59:00+01:00", "b": 1 }), "times"),
    ] {
        assert_eq!(Compared::run(input).await.expect("a rule holds"), expected);
    }
    let error = Compared::run(json!({ "a": 1, "b": 1 })).await.expect_err("1 is no text");
    assert_eq!(error.error(), "States.NoChoiceMatched");
}

workflow! {
    Typed(Order) -> u32;
    asl: {
        "StartAt": "Charge",
        "States": {
            "Charge": { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:charge", "Next": "Pick" },
            "Pick": { "Type": "Pass", "InputPath": "$.TotalValue", "End": true }
        }
    }
    resources: { "arn:aws:lambda:eu-west-1:111122223333:function:charge" => bill }
}

#[task]
async fn bill(order: Order) -> Receipt {
    Receipt { total_value: order.total }
}

#[tokio::test]
async fn typed_tasks_are_typed_and_keep_their_resources() {
    assert_eq!(Typed::run(Order { total: 7, ..order() }).await.expect("it is charged"), 7);
    let asl = Typed::asl().expect("it came from ASL");
    assert!(asl.contains("arn:aws:lambda:eu-west-1:111122223333:function:charge"), "{asl}");
}

workflow! {
    Missing(Json) -> Json;
    asl: {
        "StartAt": "Show",
        "States": { "Show": { "Type": "Pass", "Parameters": { "id.$": "$.id" }, "End": true } }
    }
}

#[tokio::test]
async fn a_path_that_leads_nowhere_fails_in_the_words_of_aws() {
    let error = Missing::run(json!({ "a": 1 })).await.expect_err("there is no id");
    assert_eq!(error.error(), "States.Runtime");
    assert_eq!(
        error.cause(),
        r#"The JSONPath '$.id' specified for the field 'id.$' could not be found in the input '{"a":1}'"#
    );
}

workflow! {
    Untyped(Order) -> Json;
    Both: Parallel { branches: [{ A: Pass { end } }, { B: Pass { output: $.total, end } }], output: json($[1]), end }
}

#[tokio::test]
async fn json_takes_the_type_away() {
    assert_eq!(Untyped::run(Order { total: 7, ..order() }).await.expect("it passes"), json!(7));
}

workflow! {
    NamedAsTheKeywords(u32) -> u32;
    asl: Pass { next: resources }
    resources: Pass { next: file }
    file: Succeed {}
}

#[tokio::test]
async fn states_may_have_the_names_that_a_definition_is_begun_with() {
    assert_eq!(NamedAsTheKeywords::run(7).await.expect("it passes"), 7);
}

workflow! {
    Queried(Json) -> Json;
    asl: {
        "StartAt": "Two",
        "States": { "Two": { "Type": "Pass", "InputPath": "$.orders[0, 2]", "End": true } }
    }
}

#[tokio::test]
async fn a_path_that_names_several_elements_is_read_by_the_library() {
    let output = Queried::run(json!({ "orders": [7, 8, 9] })).await;
    assert_eq!(output.expect("both are there"), json!([7, 9]));
    let output = Queried::run(json!({})).await;
    assert_eq!(output.expect("a path to many leads to none"), json!([]));
}

workflow! {
    Picked(Json) -> Json;
    asl: {
        "StartAt": "One",
        "States": {
            "One": {
                "Type": "Pass",
                "Parameters": { "one.$": "$.orders[0]['id', 'total']", "all.$": "$.orders[*]['id', 'total']" },
                "End": true
            }
        }
    }
}

#[tokio::test]
async fn several_names_at_the_end_of_a_path_pick_an_object_as_in_jayways_library() {
    let orders = json!([{ "id": 7, "name": "x", "total": 9 }, { "id": 8 }, 3]);
    let output = Picked::run(json!({ "orders": orders })).await.expect("the first is an object");
    assert_eq!(
        output,
        json!({ "one": { "id": 7, "total": 9 }, "all": [{ "id": 7, "total": 9 }, { "id": 8 }] })
    );
    let error = Picked::run(json!({ "orders": [3] })).await.expect_err("3 has no fields");
    assert_eq!(error.error(), "States.Runtime");
}

workflow! {
    Assumed(Json) -> Json;
    asl: {
        "StartAt": "Halve",
        "States": {
            "Halve": {
                "Type": "Task",
                "Resource": halve,
                "InputPath": "$.number",
                "Credentials": { "RoleArn.$": "$.role" },
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Caught" }],
                "End": true
            },
            "Caught": { "Type": "Pass", "Parameters": "caught", "End": true }
        }
    }
}

#[tokio::test]
async fn a_role_that_a_path_does_not_find_fails_the_state_as_on_aws() {
    let error = Assumed::run(json!({ "number": 4 })).await.expect_err("there is no role in 4");
    assert_eq!(error.error(), "States.Runtime");
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, workflow_core::Data)]
struct Parcel {
    weight: u32,
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    receipt: Option<Receipt>,
}

workflow! {
    /// What AWS takes of typed data: a result beside the fields, questions about what may be absent, a path through it.
    Sorted(Parcel) -> Json;
    asl: {
        "StartAt": "Weigh",
        "States": {
            "Weigh": { "Type": "Pass", "Result": { "kg": 3 }, "ResultPath": "$.scales", "Next": "Keep" },
            "Keep": { "Type": "Pass", "InputPath": "$.scales.kg", "End": true }
        }
    }
}

workflow! {
    Asked(Parcel) -> Json;
    asl: {
        "StartAt": "Which",
        "States": {
            "Which": {
                "Type": "Choice",
                "Choices": [
                    { "Variable": "$.code", "StringEquals": "fragile", "Next": "Fragile" },
                    { "Variable": "$.note", "IsPresent": true, "Next": "Noted" },
                    { "Not": { "Variable": "$.code", "IsPresent": true }, "Next": "Never" },
                    { "Variable": "$.weight", "IsString": true, "Next": "Never" },
                    { "Variable": "$.weight", "IsNull": true, "Next": "Never" },
                    { "And": [
                        { "Variable": "$.code", "IsNull": true },
                        { "Variable": "$.weight", "IsNumeric": true },
                        { "Variable": "$.receipt.TotalValue", "NumericGreaterThan": 1 }
                    ], "Next": "Paid" }
                ],
                "Default": "Other"
            },
            "Fragile": { "Type": "Pass", "Result": "fragile", "End": true },
            "Noted": { "Type": "Pass", "Result": "noted", "End": true },
            "Paid": { "Type": "Pass", "Result": "paid", "End": true },
            "Other": { "Type": "Pass", "Result": "other", "End": true },
            "Never": { "Type": "Fail", "Error": "Never" }
        }
    }
}

#[tokio::test]
async fn what_aws_takes_of_data_is_taken_of_data_with_types() {
    let parcel = Parcel { weight: 3, code: None, note: None, receipt: None };
    let fragile = Parcel { code: Some("fragile".to_owned()), ..parcel.clone() };
    let noted = Parcel { note: Some("ring twice".to_owned()), ..parcel.clone() };
    let paid = Parcel { receipt: Some(Receipt { total_value: 2 }), ..parcel.clone() };
    let other = Parcel { code: Some("flat".to_owned()), ..parcel.clone() };
    assert_eq!(Sorted::run(parcel.clone()).await.expect("there is room"), json!(3));
    for (parcel, expected) in
        [(fragile, "fragile"), (noted, "noted"), (paid, "paid"), (other, "other")]
    {
        assert_eq!(Asked::run(parcel).await.expect("a rule holds"), expected);
    }
    // A path that leads through null leads nowhere.
    let error = Asked::run(parcel).await.expect_err("there is no receipt");
    assert_eq!(error.error(), "States.Runtime");
}

workflow! {
    Halved(Json) -> Json;
    Halve: Task { call: halve($), end }
}

workflow! {
    Quartered(Json) -> Json;
    asl: {
        "StartAt": "Once",
        "States": {
            "Once": {
                "Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Parameters": {
                    "StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:halve",
                    "Input.$": "$.number",
                    "Name": "once"
                },
                "ResultSelector": { "number.$": "$.Output" },
                "Catch": [{ "ErrorEquals": ["States.TaskFailed"], "Next": "Odd" }],
                "Next": "Twice"
            },
            "Twice": { "Type": "Task", "Resource": states::start_execution(Halved), "Parameters": { "Input.$": "$.number" }, "OutputPath": "$.Output", "End": true },
            "Odd": { "Type": "Pass", "OutputPath": "$.Error", "End": true }
        }
    }
    resources: { "arn:aws:states:eu-west-1:111122223333:stateMachine:halve" => Halved }
}

#[tokio::test]
async fn a_state_machine_that_is_started_stands_for_a_workflow_and_comes_back() {
    let run = async |number| Quartered::run(json!({ "number": number })).await;
    assert_eq!(run(12).await.expect("it is even, and so is its half"), 3);
    // On AWS an execution fails with this, whatever its own error.
    assert_eq!(run(3).await.expect("the error is caught"), "States.TaskFailed");
    let asl =
        workflow_core::asl::Export::new().definition(Quartered::definition()).expect("it is ASL");
    let once = &asl["States"]["Once"];
    assert_eq!(once["Resource"], "arn:aws:states:::states:startExecution.sync:2");
    let parameters = json!({
        "StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:halve",
        "Input.$": "$.number",
        "Name": "once",
    });
    assert_eq!(once["Parameters"], parameters);
    assert_eq!(once["ResultSelector"], json!({ "number.$": "$.Output" }));
}
