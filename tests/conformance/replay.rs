//! Runs the workflows of recorded cases: the tasks answer what they answered on AWS, and the clock is paused.
//!
//! It is a part of the programs that the conformance suite generates, which compile each definition through `workflow!`.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use serde_json::json;
use workflow_core::{ErrorOutput, InProcess, Json, TaskContext, Workflow, task};

/// What the tasks of a case were asked and answered, in order.
pub struct Script(Mutex<Vec<Json>>);

impl Script {
    /// The answer to the first question of a state that has not been answered yet; one that was asked the same goes first.
    fn answer(&self, state: &str, given: &Json) -> Result<Json, ErrorOutput> {
        let mut open = self.0.lock().expect("no task panics");
        let of_state = |entry: &&Json| entry["state"] == state;
        let asked = |entry: &Json| [&entry["parameters"], &entry["input"]].contains(&given);
        let position = open
            .iter()
            .position(|entry| of_state(&entry) && asked(entry))
            .or_else(|| open.iter().position(|entry| of_state(&entry)));
        let Some(position) = position else {
            return Err(*ErrorOutput::new("Conformance.Unexpected", format!("`{state}` was not asked")));
        };
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

/// Whether what was recorded holds values that differ from run to run.
fn has_wildcards(entry: &Json) -> bool {
    entry.to_string().contains('<')
}

/// Every function of every case.
#[task]
pub async fn answer(script: &Script, context: TaskContext, input: Json) -> Result<Json, ErrorOutput> {
    script.answer(context.state(), &input)
}

/// Every function that sleeps for longer than any timeout.
#[task]
pub async fn never(_: Json) -> Json {
    std::future::pending().await
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
    let script = Script(Mutex::new(case["replay"].as_array().cloned().unwrap_or_default()));
    let input = match case["input_text"].as_str() {
        Some(text) => serde_json::from_str(text).expect("an input is JSON"),
        None => case["input"].clone(),
    };
    let name = case["context"]["execution_name"].as_str().unwrap_or("exec0");
    let outcome = match InProcess::new(&script).name(name).run::<W>(input).await {
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
    println!("{}", json!({ "file": file, "outcome": outcome }));
}
