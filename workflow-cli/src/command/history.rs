//! `history`: what has happened in an execution, event by event.

use clap::Args;

use super::{print, print_json};
use crate::ask::Store;
use crate::aws;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Request, Response};
use crate::table::{self, Column};
use crate::terminal;
use crate::time::between;

/// Shows what has happened in an execution.
#[derive(Debug, Clone, Args)]
pub struct History {
    /// The execution: its name, or its id, as in `Orders:order-1`.
    execution: String,

    /// Writes JSON, as AWS's `get-execution-history` does.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: DataDirectory,
}

impl History {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let store = Store::find(program, &self.data)?;
        let request = Request::GetExecutionHistory { execution: self.execution.clone() };
        let (Response::History(history), _) = store.ask(request).await? else { return Ok(()) };
        if self.json { print_json(&history) } else { print(&table(&history, terminal::width())) }
    }
}

fn table(history: &aws::History, width: usize) -> String {
    let Some(first) = history.events.first().map(|event| event.timestamp.0) else {
        return String::new();
    };
    let row = |event: &aws::HistoryEvent| {
        [
            event.id.to_string(),
            event.previous_event_id.to_string(),
            between(first, event.timestamp.0),
            event.r#type.clone(),
            what(event),
        ]
    };
    let rows: Vec<_> = history.events.iter().map(row).collect();
    let [id, previous, time] = ["ID", "PREVIOUS", "TIME"].map(Column::Right);
    table::write([id, previous, time, Column::Left("TYPE"), Column::Left("WHAT")], &rows, width)
}

/// What an event is about: the state, the item or the task, and the payload or the error.
fn what(event: &aws::HistoryEvent) -> String {
    let index = event.number("index").map(|index| format!("[{index}]"));
    let length = event.number("length").map(|length| format!("{length} items"));
    let texts =
        ["name", "resourceType", "resource", "input", "parameters", "output", "error", "cause"];
    let texts = texts.into_iter().filter_map(|name| event.detail(name)).map(str::to_owned);
    texts.chain(index).chain(length).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use workflow_core::{Json, Timestamp};
    use workflow_durable::HistoryEvent;

    use super::*;

    fn history(events: &[(&str, Json)]) -> aws::History {
        let event = |(position, (kind, details)): (usize, &(&str, Json))| HistoryEvent {
            id: position as u64 + 1,
            previous: position as u64,
            kind: (*kind).to_owned(),
            timestamp: Timestamp::from_millisecond(position as i64 * 1500).unwrap(),
            details: details.clone(),
        };
        aws::History::new(events.iter().enumerate().map(event).collect())
    }

    #[test]
    fn an_event_is_a_line_with_what_it_is_about() {
        let history = history(&[
            ("ExecutionStarted", json!({ "input": { "bookId": "343222" } })),
            ("TaskStateEntered", json!({ "name": "Charge", "input": 7 })),
            ("LambdaFunctionScheduled", json!({ "resource": "charge", "input": 7 })),
            ("LambdaFunctionStarted", json!({})),
            ("LambdaFunctionFailed", json!({ "error": "Payment.Busy", "cause": "later" })),
            ("MapStateStarted", json!({ "length": 3 })),
            ("MapIterationStarted", json!({ "name": "Each", "index": 2 })),
        ]);
        let expected = r#"
ID  PREVIOUS      TIME  TYPE                     WHAT
 1         0       0ms  ExecutionStarted         {"bookId":"343222"}
 2         1  1s 500ms  TaskStateEntered         Charge  7
 3         2        3s  LambdaFunctionScheduled  charge  7
 4         3  4s 500ms  LambdaFunctionStarted
 5         4        6s  LambdaFunctionFailed     Payment.Busy  later
 6         5  7s 500ms  MapStateStarted          3 items
 7         6        9s  MapIterationStarted      Each  [2]
"#;
        assert_eq!(format!("\n{}", table(&history, 80)), expected);
    }

    #[test]
    fn a_payload_is_cut_where_the_terminal_ends() {
        let history = history(&[("ExecutionStarted", json!({ "input": "x".repeat(100) }))]);
        assert!(table(&history, 80).lines().all(|line| line.chars().count() <= 80));
        assert!(table(&history, 80).trim_end().ends_with('…'));
    }
}
