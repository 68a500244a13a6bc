//! Runs the workflows of recorded cases: the tasks answer what they answered on AWS, and the clock is paused.
//!
//! It is a part of the programs that the conformance suite generates, which compile each definition through `workflow!`.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use serde_json::json;
use std::sync::Arc;

use workflow_core::{ErrorOutput, History, HistoryEvent, Identity, InProcess, Json, TaskContext, Workflow, task};
use workflow_durable::{Durable, Memory};

/// What the tasks of a case were asked and answered, in order, and what its functions do where that was not recorded.
pub struct Script {
    replay: Mutex<Vec<Json>>,
    functions: Json,
}

impl Script {
    /// The answer to the first question of a state that has not been answered yet; one that was asked the same goes first.
    fn answer(&self, state: &str, given: &Json) -> Result<Json, ErrorOutput> {
        let mut open = self.replay.lock().expect("no task panics");
        let of_state = |entry: &&Json| entry["state"] == state;
        let asked = |entry: &Json| [&entry["parameters"], &entry["input"]].contains(&given);
        let position = open
            .iter()
            .position(|entry| of_state(&entry) && asked(entry))
            .or_else(|| open.iter().position(|entry| of_state(&entry)));
        let Some(position) = position else { return self.call(given) };
        let entry = open.remove(position);
        if !asked(&entry) && !has_wildcards(&entry) {
            let cause = format!("`{state}` was asked {given}, and on AWS {entry}");
            return Err(*ErrorOutput::new("Conformance.AskedOtherwise", cause));
        }
        let outcome = &entry["outcome"];
        if outcome["result"] == "succeeded" {
            return Ok(outcome["output"].clone());
        }
        let text = |field: &str| outcome[field].as_str().unwrap_or_default().to_owned();
        Err(*ErrorOutput::new(text("error"), text("cause")))
    }
}

impl Script {
    /// What a function answers by what it does. A request to the Lambda service names it; else there is one.
    fn call(&self, given: &Json) -> Result<Json, ErrorOutput> {
        let all = self.functions.as_object().into_iter().flatten();
        let named = given["FunctionName"].as_str();
        let function = match named {
            Some(name) => all.into_iter().find(|(arn, _)| arn.ends_with(name)),
            None => all.into_iter().next(),
        };
        let Some((_, function)) = function else {
            return Err(*ErrorOutput::new("Conformance.Unexpected", format!("no function for {given}")));
        };
        let payload = named.map_or(given, |_| &given["Payload"]);
        let answer = match function["kind"].as_str() {
            Some("echo") => payload.clone(),
            Some("return") => function["value"].clone(),
            Some("format") => {
                let template = function["template"].as_str().unwrap_or_default();
                let text = payload.as_str().map_or_else(|| payload.to_string(), str::to_owned);
                template.replace("{}", &text).into()
            }
            Some("raise") => {
                let (error, message) = (&function["error"], &function["message"]);
                let trace = format!(
                    "  File \"/var/task/handler.py\", line 2, in handler\n    raise {}({message})\n",
                    error.as_str().unwrap_or_default()
                );
                let cause = json!({
                    "errorMessage": message,
                    "errorType": error,
                    "requestId": "00000000-0000-0000-0000-000000000000",
                    "stackTrace": [trace],
                });
                let error = error.as_str().unwrap_or_default();
                return Err(*ErrorOutput::new(error.to_owned(), cause.to_string()));
            }
            _ => return Err(*ErrorOutput::new("Conformance.Unexpected", function.to_string())),
        };
        Ok(match named {
            Some(_) => json!({ "ExecutedVersion": "$LATEST", "Payload": answer, "StatusCode": 200 }),
            None => answer,
        })
    }
}

/// Whether what was recorded holds values that differ from run to run.
fn has_wildcards(entry: &Json) -> bool {
    entry.to_string().contains('<')
}

/// Every function of every case.
#[task]
pub async fn answer(script: &Script, context: TaskContext, input: Json) -> Result<Json, ErrorOutput> {
    script.answer(context.state(), &input)
}

/// Runs a case and prints its outcome as a line of JSON.
pub async fn run<W>(file: &str)
where
    W: Workflow<Input = Json, Output = Json>,
    for<'a> &'a Script: workflow_core::Supplies<'a, W::Resources>,
{
    let folder = std::env::args().nth(1).expect("the folder of the cases");
    let text = fs::read_to_string(Path::new(&folder).join(file)).expect("a case");
    let case: Json = serde_json::from_str(&text).expect("a case is JSON");
    let script = || Script {
        replay: Mutex::new(case["replay"].as_array().cloned().unwrap_or_default()),
        functions: case["functions"].clone(),
    };
    let input = match case["input_text"].as_str() {
        Some(text) => serde_json::from_str(text).expect("an input is JSON"),
        None => case["input"].clone(),
    };
    let context = |field: &str| case["context"][field].as_str().unwrap_or_default().to_owned();
    let machine = context("state_machine_arn");
    let identity = Identity {
        execution_id: context("execution_arn"),
        state_machine_name: machine.rsplit(':').next().unwrap_or_default().to_owned(),
        state_machine_id: machine,
        role_arn: context("role_arn"),
    };
    let name = context("execution_name");
    let (own, kept) = (script(), History::new());
    let engine = InProcess::new(&own).name(name.clone()).identity(identity.clone()).listener(&kept);
    let mut outcome = match engine.run::<W>(input.clone()).await {
        Ok(output) => json!({ "status": "SUCCEEDED", "output": output }),
        Err(error) if error.state().is_none() && error.error() == "States.Timeout" => {
            json!({ "status": "TIMED_OUT" })
        }
        Err(error) => json!({
            "status": "FAILED",
            "error": error.error(),
            "cause": error.cause(),
            "state": error.state(),
        }),
    };
    if !case["expected"]["history"].is_null() {
        outcome["in_process"] = events(kept.events());
        outcome["durable"] = events(durable::<W>(script(), identity, &name, &input).await);
    }
    println!("{}", json!({ "file": file, "outcome": outcome }));
}

/// What has happened when the case is run durably.
async fn durable<W>(
    script: Script,
    identity: Identity,
    name: &str,
    input: &Json,
) -> Vec<HistoryEvent>
where
    W: Workflow<Input = Json, Output = Json>,
    for<'a> &'a Script: workflow_core::Supplies<'a, W::Resources>,
{
    let builder = Durable::builder(Memory::default()).identity(identity);
    let durable = builder.workflow::<W, Script>(Arc::new(script)).open().expect("it is empty");
    let name = if name.is_empty() { "execution" } else { name };
    let execution = durable.start::<W>(name, input).await.expect("the name is free");
    let _ = execution.output::<W>().await;
    let events = execution.history().await.expect("it is in memory");
    durable.shut_down(std::time::Duration::ZERO).await;
    events
}

fn events(events: Vec<HistoryEvent>) -> Json {
    let event = |event: HistoryEvent| json!({ "id": event.id, "previous": event.previous, "type": event.kind, "details": event.details });
    events.into_iter().map(event).collect()
}

/// Prints a workflow as ASL, as a line of JSON.
pub fn write<W: Workflow>(file: &str) {
    let asl = match workflow_core::asl::Export::new().definition(W::DEFINITION) {
        Ok(asl) => asl,
        Err(error) => json!(error.to_string()),
    };
    println!("{}", json!({ "file": file, "outcome": asl }));
}
