//! Workflows as ASL.

use serde_json::{Value, json};
use shop::Order;
use workflow_core::asl::Export;
use workflow_core::{Json, TaskError, task, workflow};

workflow! {
    Exported(Order) -> Order;

    timeout: 1m;
    export: asl;

    Which: Choice {
        $.total > 100 && !is_present($.coupon) => Later,
        $.status == shop::Status::Paid || $.id != "x" => Later,
        $.placedAt < timestamp("2026-03-14T01:59:00Z") => { next: Later, assign: { early: true } },
        _ => Done,
    }
    Later: Wait { timestamp: $.placedAt, next: Done }
    Done: Succeed {}
}

#[test]
fn conditions_become_the_rules_of_asl() {
    let asl: Value = Export::new().definition(Exported::definition()).expect("it is exportable");
    assert_eq!(asl["TimeoutSeconds"], 60);
    let choices = &asl["States"]["Which"]["Choices"];
    let expected = json!([
        {
            "And": [
                { "Variable": "$.total", "NumericGreaterThan": 100 },
                { "Not": { "And": [
                    { "Variable": "$.coupon", "IsPresent": true },
                    { "Variable": "$.coupon", "IsNull": false },
                ] } },
            ],
            "Next": "Later",
        },
        {
            "Or": [
                { "Variable": "$.status", "StringEquals": "Paid" },
                { "Not": { "Variable": "$.id", "StringEquals": "x" } },
            ],
            "Next": "Later",
        },
        {
            "Variable": "$.placedAt",
            "TimestampLessThan": "2026-03-14T01:59:00Z",
            "Assign": { "early": true },
            "Next": "Later",
        },
    ]);
    assert_eq!(*choices, expected);
    assert_eq!(asl["States"]["Later"]["TimestampPath"], "$.placedAt");
}

workflow! {
    Computed(Order) -> u32;
    Add: Pass { output: $.total + 1, end }
}

#[test]
fn what_asl_cannot_express_is_listed() {
    let error = Computed::asl().expect_err("ASL has no operators");
    let text = error.to_string();
    assert!(
        text.starts_with("ASL cannot express all of `Computed`\n  state `Add`: `$.total + 1`"),
        "{text}"
    );
}

#[task]
async fn ship(order: Json) -> Json {
    order
}

workflow! {
    Commented(Json) -> (Json, Json);

    Which: Choice {
        $.express == true => { next: Ship, comment: "they pay for it" },
        _ => Both,
    }
    Ship: Task {
        call: ship($),
        retry: { error_equals: ["States.Timeout"], comment: "the carrier is slow" },
        catch: {
            error_equals: ["States.ALL"], result_path: null, next: Both, comment: "and away at times",
        },
        next: Both,
    }
    Both: Parallel {
        branches: [
            {
                //! What the shop does.
                Pack: Pass { end }
            },
            { Label: Pass { end } },
        ],
        end,
    }
}

#[test]
fn comments_stand_where_they_stood() {
    let asl: Value = Export::new().definition(Commented::definition()).expect("all is expressible");
    let states = &asl["States"];
    assert_eq!(states["Which"]["Choices"][0]["Comment"], "they pay for it");
    assert_eq!(states["Ship"]["Retry"][0]["Comment"], "the carrier is slow");
    assert_eq!(states["Ship"]["Catch"][0]["Comment"], "and away at times");
    assert_eq!(states["Both"]["Branches"][0]["Comment"], "What the shop does.");
    assert!(states["Both"]["Branches"][1].get("Comment").is_none());
}

#[derive(Debug, TaskError)]
enum Refusal {
    Late,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is late")
    }
}

#[task]
async fn pack(order: Order) -> Result<Order, Refusal> {
    if order.express { Err(Refusal::Late) } else { Ok(order) }
}

workflow! {
    Pack(Order) -> Order;
    Pack: Task { call: pack($), end }
}

workflow! {
    Fulfil(Order) -> u32;

    export: asl;

    First: Task {
        call: Pack($),
        retry: { error_equals: ["States.TaskFailed"], max_attempts: 1 },
        assign: { total: $.total },
        next: Second,
    }
    Second: Task { call: Pack($), result_selector: { "id": $.id }, result_path: null, next: Third }
    Third: Task { call: Pack($), output_path: $.total, end }
}

#[test]
fn a_workflow_that_is_called_is_an_execution_of_its_own() {
    let asl = Export::new()
        .function("Pack", "arn:aws:states:eu-west-1:111122223333:stateMachine:Pack")
        .definition(Fulfil::definition())
        .expect("it is declared to be exported");
    let [first, second, third] =
        ["First", "Second", "Third"].map(|name| asl["States"][name].clone());
    let expected = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {
            "StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:Pack",
            "Input.$": "$",
        },
        "Assign": { "total.$": "$.Output.total" },
        "OutputPath": "$.Output",
        "Retry": [{ "ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1 }],
        "Next": "Second",
    });
    assert_eq!(first, expected);
    assert_eq!(second["ResultSelector"], json!({ "id.$": "$.Output.id" }));
    assert_eq!(second["ResultPath"], Value::Null);
    assert!(second.get("OutputPath").is_none(), "{second}");
    assert_eq!(third["OutputPath"], "$.Output.total");
}

workflow! {
    Kept(Order) -> Order;
    Pack: Task {
        call: Pack($),
        catch: { error_equals: [Refusal::Late], result_path: null, next: Done },
        end,
    }
    Done: Succeed {}
}

#[test]
fn an_error_of_a_workflow_has_another_name_on_aws() {
    let error = Kept::asl().expect_err("the error is the execution's on AWS");
    let found: Vec<_> = error.found().collect();
    assert_eq!(found, [("Pack", "the error `Refusal::Late` of a workflow")]);
}

workflow! {
    Assigned(Json) -> Json;
    export: asl;
    Which: Choice {
        is_present($.x) => Done,
        _ => { next: Done, assign: { seen: "nothing" } },
    }
    Done: Succeed {}
}

#[test]
fn what_the_default_assigns_is_the_states_own() {
    let asl: Value = Export::new().definition(Assigned::definition()).expect("it is exportable");
    let which = &asl["States"]["Which"];
    assert_eq!(which["Assign"], json!({ "seen": "nothing" }));
    assert_eq!(which["Default"], "Done");
    // Data without a type are present as soon as the path leads somewhere, here as there.
    assert_eq!(
        which["Choices"][0],
        json!({ "Variable": "$.x", "IsPresent": true, "Next": "Done" })
    );
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
enum Pay {
    Cash,
    Card { number: String },
}

workflow! {
    Paid(Pay) -> Pay;
    Which: Choice { $ == Pay::Card => Done, $ == Pay::Cash => Done }
    Done: Succeed {}
}

#[test]
fn a_variant_with_data_is_no_text_to_compare_with() {
    let error = Paid::asl().expect_err("its JSON is an object");
    let found: Vec<_> = error.found().collect();
    assert_eq!(found, [("Which", "a comparison with `Pay::Card`, which carries data")]);
}
