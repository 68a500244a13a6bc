//! The translator as a shell sees it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const CHARGE: &str = r#"{
  "Comment": "Charges an order.",
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "chargeCard", "Payload": { "id.$": "$.orderId" } },
      "Retry": [{ "ErrorEquals": ["States.Timeout"], "IntervalSeconds": 2 }],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Refused" }],
      "OutputPath": "$.Payload",
      "Next": "Is large?"
    },
    "Is large?": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.total", "NumericGreaterThan": 100, "Next": "Done" }]
    },
    "Refused": { "Type": "Fail", "Error": "Refused", "CausePath": "$.error.Cause" },
    "Done": { "Type": "Succeed" }
  }
}"#;

fn translate(arguments: &[&str], definition: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_asl-to-workflow"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = program.stdin.take().unwrap().write_all(definition.as_bytes());
    program.wait_with_output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_definition_becomes_tasks_and_a_workflow() {
    let output = translate(&["-", "--name", "Charging"], CHARGE);
    assert!(output.status.success());
    let source = text(output.stdout);
    for line in [
        "pub async fn charge_card(input: Json) -> Result<Json, ErrorOutput> {",
        "    /// Charges an order.",
        "    pub Charging(Json) -> Json;",
        "        call: lambda::invoke(charge_card({ \"id\": $.orderId })),",
        "        retry: { error_equals: [\"States.Timeout\"], interval: 2s },",
        "        catch: { error_equals: [\"States.ALL\"], result_path: $.error, next: Refused },",
        "        next: \"Is large?\",",
        "        $.total > 100 => Done,",
        "        _ => \"Is large? matches nothing\",",
        "        cause: $.error.Cause,",
        "    Done: Succeed {}",
    ] {
        assert!(source.lines().any(|found| found == line), "{line}\nis not in\n{source}");
    }
}

const TWICE: &str = r#"{
  "StartAt": "Both",
  "States": {
    "Both": {
      "Type": "Parallel",
      "Branches": [
        {
          "Comment": "The one.",
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:a",
              "Credentials": { "RoleArn": "arn:aws:iam::111122223333:role/a" },
              "Retry": [
                { "ErrorEquals": ["Lambda.ServiceException"], "BackoffRate": 2.5 },
                { "ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "Comment": "once more" }
              ],
              "End": true
            }
          }
        },
        {
          "StartAt": "B",
          "States": {
            "B": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "b:live", "Payload.$": "$", "LogType": "Tail" },
              "Retry": [
                { "ErrorEquals": ["Lambda.ServiceException"], "BackoffRate": 2.5 },
                { "ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "Comment": "once more" }
              ],
              "Catch": [{ "ErrorEquals": ["States.ALL"], "Comment": "never mind", "Next": "C" }],
              "OutputPath": "$.Payload",
              "End": true
            },
            "C": { "Type": "Pass", "End": true }
          }
        }
      ],
      "End": true
    }
  }
}"#;

#[test]
fn retriers_that_states_share_are_a_policy_and_comments_stay() {
    let output = translate(&["-", "--name", "Twice"], TWICE);
    assert!(output.status.success());
    let source = text(output.stdout);
    for line in [
        "    retry LAMBDA = [{ error_equals: [\"Lambda.ServiceException\"], backoff_rate: 2.5 }, { error_equals: [\"States.ALL\"], max_attempts: 1, comment: \"once more\" }];",
        "                //! The one.",
        "                // decide: the call assumed a role on AWS: have the task do what it needs",
        "                // decide: `LogType` of the request to Lambda is left out",
        "                    catch: { error_equals: [\"States.ALL\"], output: json($), next: C, comment: \"never mind\" },",
    ] {
        assert!(source.lines().any(|found| found == line), "{line}\nis not in\n{source}");
    }
    let uses = source.lines().filter(|line| line.trim() == "retry: LAMBDA,").count();
    assert_eq!(uses, 2, "{source}");
}

const DOUBTFUL: &str = r#"{
  "StartAt": "Ask",
  "States": {
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:ask",
      "Assign": { "status.$": "$.status" },
      "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Which" }],
      "Next": "Which"
    },
    "Which": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.a", "StringLessThanPath": "$.b", "Next": "Show" },
        { "Variable": "$.a", "NumericLessThanPath": "$.b", "Next": "Show" },
        { "Variable": "$.a", "BooleanEqualsPath": "$.b", "Next": "Show" }
      ],
      "Default": "Show"
    },
    "Show": { "Type": "Pass", "Parameters": { "status.$": "$status" }, "End": true }
  }
}"#;

#[test]
fn what_only_aws_leaves_open_is_said() {
    let output = translate(&["-", "--name", "Doubtful"], DOUBTFUL);
    assert!(output.status.success());
    let source = text(output.stdout);
    for line in [
        "    // decide: on AWS a state fails that reads one of these before it is assigned: here it is null",
        "    Variables: Pass { assign: { status: null }, next: Ask }",
        "        is_string($.a) && is_string($.b) && $.a < $.b => Show,",
        "        is_numeric($.a) && is_numeric($.b) && $.a < $.b => Show,",
        "        is_boolean($.a) && is_boolean($.b) && $.a == $.b => Show,",
    ] {
        assert!(source.lines().any(|found| found == line), "{line}\nis not in\n{source}");
    }
}

#[test]
fn a_definition_that_is_wrong_is_refused_with_the_place() {
    let output = translate(
        &["-", "--name", "Charging"],
        &CHARGE.replace("\"Next\": \"Done\"", "\"Next\": \"Dne\""),
    );
    assert_eq!(output.status.code(), Some(2));
    let errors = text(output.stderr);
    assert!(errors.starts_with("error: -:16:79: unknown state `Dne`"), "{errors}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = translate(&["missing.asl.json"], "");
    assert_eq!(output.status.code(), Some(2));
    let errors = text(output.stderr);
    assert!(errors.starts_with("error: cannot read `missing.asl.json`"), "{errors}");
}

#[test]
fn a_name_that_is_none_is_refused() {
    let output = translate(&["-", "--name", "1st"], CHARGE);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).contains("`1st` cannot name a workflow"));
}
