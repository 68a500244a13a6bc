//! The context object as data, for the definitions of ASL, which may hand on all of it.

use jiff::Timestamp;
use serde_json::{Map, json};

use crate::data::Json;
use crate::execution::Execution;

/// What the context object shows. What nothing in a state reads is left out.
#[derive(Debug)]
pub struct ContextObject<'a> {
    /// The execution.
    pub execution: &'a Execution,
    /// The input of the execution.
    pub input: Option<Json>,
    /// The name of the state.
    pub state: &'static str,
    /// When the state was entered.
    pub entered_time: Option<Timestamp>,
    /// How many attempts came before.
    pub retry_count: Option<u32>,
    /// The token of the attempt, where the state waits for it.
    pub task_token: Option<String>,
    /// The position and the value of the item, in the item selector of a Map state.
    pub item: Option<(usize, Json)>,
}

impl From<ContextObject<'_>> for Json {
    fn from(context: ContextObject<'_>) -> Self {
        let ContextObject { execution, input, state, entered_time, retry_count, task_token, item } =
            context;
        let mut object = Map::new();
        let mut of_execution = json!({
            "Id": execution.id(),
            "Input": input,
            "StartTime": time(execution.start_time()),
            "Name": execution.name(),
            "RoleArn": execution.role_arn(),
        });
        // An Express execution cannot be redriven.
        if !execution.id().contains(":express:") {
            of_execution["RedriveCount"] = 0.into();
        }
        object.insert("Execution".to_owned(), of_execution);
        object.insert(
            "StateMachine".to_owned(),
            json!({ "Id": execution.state_machine_id(), "Name": execution.state_machine_name() }),
        );
        let mut shown = Map::from_iter([("Name".to_owned(), json!(state))]);
        shown.extend(entered_time.map(|entered| ("EnteredTime".to_owned(), json!(time(entered)))));
        shown.extend(retry_count.map(|count| ("RetryCount".to_owned(), json!(count))));
        object.insert("State".to_owned(), shown.into());
        if let Some(token) = task_token {
            object.insert("Task".to_owned(), json!({ "Token": token }));
        }
        if let Some((index, value)) = item {
            object.insert("Map".to_owned(), json!({ "Item": { "Index": index, "Value": value } }));
        }
        object.into()
    }
}

/// A time with milliseconds, as AWS shows it.
fn time(time: Timestamp) -> String {
    format!("{time:.3}")
}
