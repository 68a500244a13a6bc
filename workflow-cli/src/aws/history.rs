//! The history of an execution: AWS's `GetExecutionHistory`, with payloads as text, and details under the key that AWS has for the
//! type of the event.

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use workflow_core::Json;
use workflow_durable as durable;

use super::date::Date;

/// AWS's answer to `GetExecutionHistory`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct History {
    pub(crate) events: Vec<HistoryEvent>,
}

/// An event. AWS's `HistoryEvent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryEvent {
    pub(crate) timestamp: Date,
    pub(crate) r#type: String,
    pub(crate) id: u64,
    pub(crate) previous_event_id: u64,
    /// The details, under their key, if it has any.
    #[serde(flatten)]
    details: Map<String, Json>,
}

impl History {
    pub(crate) fn new(events: Vec<durable::HistoryEvent>) -> Self {
        let mut redrives = 0;
        let events = events.into_iter().map(|event| {
            let durable::HistoryEvent { id, previous, kind, timestamp, mut details } = event;
            if kind == "ExecutionRedriven" {
                redrives += 1;
                details = json!({ "redriveCount": redrives });
            }
            HistoryEvent::new(Date(timestamp), kind, (id, previous), details)
        });
        Self { events: events.collect() }
    }
}

impl HistoryEvent {
    fn new(
        timestamp: Date,
        kind: String,
        (id, previous_event_id): (u64, u64),
        details: Json,
    ) -> Self {
        let told = match details {
            Json::Object(details) if !details.is_empty() => {
                Map::from_iter([(key(&kind), told(details).into())])
            }
            _ => Map::new(),
        };
        Self { timestamp, r#type: kind, id, previous_event_id, details: told }
    }

    /// A text among the details.
    pub(crate) fn detail(&self, name: &str) -> Option<&str> {
        self.details.values().find_map(|details| details.get(name)?.as_str())
    }

    /// A number among the details.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.details.values().find_map(|details| details.get(name)?.as_u64())
    }
}

/// The key of the details of an event: of its type, or one for the states of all kinds.
fn key(kind: &str) -> String {
    let kind = match kind {
        _ if kind.ends_with("StateEntered") => "StateEntered",
        _ if kind.ends_with("StateExited") => "StateExited",
        _ => kind,
    };
    let (first, rest) = kind.split_at(1);
    format!("{}{rest}EventDetails", first.to_ascii_lowercase())
}

/// Details with their payloads as text.
fn told(details: Map<String, Json>) -> Map<String, Json> {
    let mut told = Map::new();
    for (name, value) in details {
        let truncated = json!({ "truncated": false });
        match name.as_str() {
            "parameters" => drop(told.insert(name, value.to_string().into())),
            "input" | "output" => {
                told.insert(name.clone(), value.to_string().into());
                told.insert(format!("{name}Details"), truncated);
            }
            "assignedVariables" => {
                told.insert(name.clone(), variables(value));
                told.insert(format!("{name}Details"), truncated);
            }
            _ => drop(told.insert(name, value)),
        }
    }
    told
}

/// Variables, each as text.
fn variables(values: Json) -> Json {
    match values {
        Json::Object(values) => {
            let values = values.into_iter().map(|(name, value)| (name, value.to_string().into()));
            Json::Object(values.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use workflow_core::Timestamp;

    use super::*;

    /// The details of an event, as AWS tells them, with the keys of the event itself left out.
    fn details(kind: &str, details: Json) -> Json {
        let event = durable::HistoryEvent {
            id: 2,
            previous: 1,
            kind: kind.to_owned(),
            timestamp: Timestamp::UNIX_EPOCH,
            details,
        };
        let mut told = json!(History::new(vec![event]).events[0]);
        let event = told.as_object_mut().unwrap();
        assert_eq!(event.remove("timestamp").unwrap(), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(event.remove("type").unwrap(), kind);
        assert_eq!(event.remove("id").unwrap(), 2);
        assert_eq!(event.remove("previousEventId").unwrap(), 1);
        told
    }

    #[test]
    fn states_of_all_kinds_have_the_same_key() {
        let entered = json!({ "name": "Greet", "input": { "who": "Ada" } });
        let expected = json!({ "stateEnteredEventDetails": {
            "name": "Greet", "input": "{\"who\":\"Ada\"}", "inputDetails": { "truncated": false }
        }});
        assert_eq!(details("PassStateEntered", entered.clone()), expected);
        assert_eq!(details("MapStateEntered", entered), expected);
        let left =
            json!({ "name": "Greet", "output": null, "assignedVariables": { "n": 1, "s": "a" } });
        assert_eq!(
            details("TaskStateExited", left),
            json!({ "stateExitedEventDetails": {
                "name": "Greet", "output": "null", "outputDetails": { "truncated": false },
                "assignedVariables": { "n": "1", "s": "\"a\"" },
                "assignedVariablesDetails": { "truncated": false }
            }})
        );
    }

    #[test]
    fn parameters_are_text_without_a_word_on_truncation() {
        let scheduled = json!({ "resourceType": "lambda", "resource": "invoke", "region": "eu-west-1",
            "timeoutInSeconds": 30, "parameters": { "FunctionName": "charge" } });
        assert_eq!(
            details("TaskScheduled", scheduled),
            json!({ "taskScheduledEventDetails": {
                "resourceType": "lambda", "resource": "invoke", "region": "eu-west-1",
                "timeoutInSeconds": 30, "parameters": "{\"FunctionName\":\"charge\"}"
            }})
        );
    }

    #[test]
    fn other_events_have_keys_of_their_own() {
        let truncated = json!({ "truncated": false });
        assert_eq!(
            details("ExecutionStarted", json!({ "input": 7, "roleArn": "arn:role" })),
            json!({ "executionStartedEventDetails": {
                "input": "7", "inputDetails": truncated, "roleArn": "arn:role"
            }})
        );
        assert_eq!(
            details("LambdaFunctionScheduled", json!({ "resource": "charge", "input": [] })),
            json!({ "lambdaFunctionScheduledEventDetails": {
                "resource": "charge", "input": "[]", "inputDetails": truncated
            }})
        );
        assert_eq!(
            details("MapIterationStarted", json!({ "name": "Each", "index": 0 })),
            json!({ "mapIterationStartedEventDetails": { "name": "Each", "index": 0 } })
        );
        assert_eq!(
            details("TaskFailed", json!({ "error": "Payment.Busy", "cause": "later" })),
            json!({ "taskFailedEventDetails": { "error": "Payment.Busy", "cause": "later" } })
        );
    }

    #[test]
    fn an_event_without_details_has_no_key_for_them() {
        for kind in ["LambdaFunctionStarted", "ParallelStateStarted", "MapStateSucceeded"] {
            assert_eq!(details(kind, json!({})), json!({}));
        }
    }

    #[test]
    fn redrives_are_counted() {
        let redriven = durable::HistoryEvent {
            id: 5,
            previous: 4,
            kind: "ExecutionRedriven".to_owned(),
            timestamp: Timestamp::UNIX_EPOCH,
            details: json!({}),
        };
        let history = History::new(vec![redriven.clone(), redriven]);
        let counts: Vec<_> =
            history.events.iter().map(|event| event.number("redriveCount")).collect();
        assert_eq!(counts, [Some(1), Some(2)]);
    }

    #[test]
    fn what_is_told_is_read_again() {
        let event = durable::HistoryEvent {
            id: 1,
            previous: 0,
            kind: "ExecutionStarted".to_owned(),
            timestamp: Timestamp::UNIX_EPOCH,
            details: json!({ "input": "Ada" }),
        };
        let history = History::new(vec![event]);
        let read: History = serde_json::from_value(json!(history)).unwrap();
        assert_eq!(read, history);
        assert_eq!(read.events[0].detail("input"), Some("\"Ada\""));
    }
}
