//! Executions, and pages of them: AWS's `DescribeExecution` and `ListExecutions`.

use serde::{Deserialize, Serialize};
use workflow_durable::{self as durable, Description, ListItem};

use super::date::Date;
use super::status::StatusName;

/// What a list tells of an execution. AWS's `ExecutionListItem`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    pub(crate) execution_arn: String,
    pub(crate) state_machine_arn: String,
    pub(crate) name: String,
    pub(crate) status: StatusName,
    pub(crate) start_date: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stop_date: Option<Date>,
}

/// A page of a list. AWS's answer to `ListExecutions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    pub(crate) executions: Vec<Listed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next_token: Option<String>,
}

/// An execution. AWS's answer to `DescribeExecution`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Execution {
    #[serde(flatten)]
    pub(crate) listed: Listed,
    pub(crate) input: String,
    pub(crate) input_details: Included,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output_details: Option<Included>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<String>,
    /// Why it runs no further, which AWS has no word for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) misfit: Option<String>,
}

/// Whether a payload is told. AWS's `CloudWatchEventsExecutionDataDetails`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Included {
    included: bool,
}

const INCLUDED: Included = Included { included: true };

impl From<ListItem> for Listed {
    fn from(item: ListItem) -> Self {
        let ListItem { id, workflow, name, status, started, stopped } = item;
        Self {
            execution_arn: id,
            state_machine_arn: workflow,
            name,
            status: StatusName(status),
            start_date: Date(started),
            stop_date: stopped.map(Date),
        }
    }
}

impl From<durable::Page> for Page {
    fn from(page: durable::Page) -> Self {
        let executions = page.executions.into_iter().map(Listed::from).collect();
        Self { executions, next_token: page.next }
    }
}

impl From<Description> for Execution {
    fn from(description: Description) -> Self {
        let Description {
            id,
            workflow,
            name,
            status,
            started,
            stopped,
            input,
            output,
            error,
            misfit,
        } = description;
        let item = ListItem { id, workflow, name, status, started, stopped };
        let said = |text: String| (!text.is_empty()).then_some(text);
        let (error, cause) =
            error.map_or((None, None), |failure| (said(failure.error), said(failure.cause)));
        let output_details = output.as_ref().map(|_| INCLUDED);
        Self {
            listed: item.into(),
            input,
            input_details: INCLUDED,
            output,
            output_details,
            error,
            cause,
            misfit,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use workflow_core::{ErrorOutput, Timestamp};
    use workflow_durable::Status;

    use super::*;

    fn failed() -> Description {
        let time = |seconds| Timestamp::from_second(seconds).unwrap();
        Description {
            id: "Orders:order-1".to_owned(),
            workflow: "Orders".to_owned(),
            name: "order-1".to_owned(),
            status: Status::TimedOut,
            started: time(1_764_105_543),
            stopped: Some(time(1_764_105_544)),
            input: r#"{"bookId":"7"}"#.to_owned(),
            output: None,
            error: Some(*ErrorOutput::new("States.Timeout", "")),
            misfit: None,
        }
    }

    #[test]
    fn an_execution_is_told_as_by_aws() {
        let expected = json!({
            "executionArn": "Orders:order-1",
            "stateMachineArn": "Orders",
            "name": "order-1",
            "status": "TIMED_OUT",
            "startDate": "2025-11-25T21:19:03.000000+00:00",
            "stopDate": "2025-11-25T21:19:04.000000+00:00",
            "input": "{\"bookId\":\"7\"}",
            "inputDetails": { "included": true },
            "error": "States.Timeout",
        });
        assert_eq!(json!(Execution::from(failed())), expected);
    }

    #[test]
    fn what_is_told_is_read_again() {
        let succeeded = Description {
            status: Status::Succeeded,
            output: Some("[]".to_owned()),
            error: None,
            ..failed()
        };
        for description in [failed(), succeeded] {
            let execution = Execution::from(description);
            let read: Execution = serde_json::from_value(json!(execution)).unwrap();
            assert_eq!(read, execution);
        }
    }
}
