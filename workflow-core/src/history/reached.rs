//! How a task is reached, on which the names and details of its events depend.

use serde_json::{Map, json};

use crate::data::Json;
use crate::definition::{Integration, Task};
use crate::engine::Limits;
use crate::lambda::Invoke;

/// How a task is reached.
pub(super) enum Reached {
    /// A Lambda function, by its ARN or its name.
    Function(String),
    /// An activity, by its ARN.
    Activity(String),
    /// An action of a service.
    Service { kind: String, action: String },
}

impl Reached {
    pub(super) fn of(task: &Task) -> Self {
        let service = |kind: &str, action: &str| Self::Service {
            kind: kind.to_owned(),
            action: action.to_owned(),
        };
        let resource = task.service.resource.unwrap_or(task.function);
        match task.integration {
            Integration::Execution | Integration::StartExecution => {
                service("states", "startExecution.sync:2")
            }
            Integration::LambdaInvoke => match task.awaits {
                None => service("lambda", "invoke"),
                Some(_) => service("lambda", "invoke.waitForTaskToken"),
            },
            Integration::Function if resource.contains(":activity:") => {
                Self::Activity(resource.to_owned())
            }
            Integration::Function => match resource.split_once(":::") {
                None => Self::Function(resource.to_owned()),
                // `aws-sdk` has the name of the service behind it; an action may have a version.
                Some((_, called)) => {
                    let behind = if called.starts_with("aws-sdk:") { "aws-sdk:".len() } else { 0 };
                    match called[behind..].split_once(':') {
                        Some((kind, action)) => service(&called[..behind + kind.len()], action),
                        None => service(called, ""),
                    }
                }
            },
        }
    }

    /// What the names of its events begin with.
    pub(super) const fn prefix(&self) -> &'static str {
        match self {
            Self::Function(_) => "LambdaFunction",
            Self::Activity(_) => "Activity",
            Self::Service { .. } => "Task",
        }
    }

    /// The events with which an attempt begins, and their details.
    pub(super) fn started(
        &self,
        input: &Json,
        limits: Limits,
        region: &str,
    ) -> [(&'static str, Json); 2] {
        let limits =
            [("timeoutInSeconds", limits.timeout), ("heartbeatInSeconds", limits.heartbeat)];
        let mut details: Map<String, Json> = limits
            .into_iter()
            .filter_map(|(name, limit)| Some((name.to_owned(), Json::from(limit?.as_secs()))))
            .collect();
        let mut set = |name: &str, value: Json| drop(details.insert(name.to_owned(), value));
        match self {
            Self::Function(resource) | Self::Activity(resource) => {
                set("resource", resource.clone().into());
                set("input", input.clone());
            }
            Self::Service { kind, action } => {
                set("resourceType", kind.clone().into());
                set("resource", action.clone().into());
                set("parameters", input.clone());
                if !region.is_empty() {
                    set("region", region.into());
                }
            }
        }
        let [scheduled, started] = match self {
            Self::Function(_) => ["LambdaFunctionScheduled", "LambdaFunctionStarted"],
            Self::Activity(_) => ["ActivityScheduled", "ActivityStarted"],
            Self::Service { .. } => ["TaskScheduled", "TaskStarted"],
        };
        [(scheduled, details.into()), (started, self.with_details(json!({})))]
    }

    /// What a call has given back that waits for its task token: a service tells it in its envelope.
    pub(super) fn submitted(&self, output: Json) -> Json {
        match self {
            Self::Service { kind, .. } if kind == "lambda" => json!(Invoke::new(output)),
            _ => output,
        }
    }

    /// The details of an event, with what AWS repeats in each event of a service.
    pub(super) fn with_details(&self, mut details: Json) -> Json {
        if let Self::Service { kind, action } = self {
            details["resourceType"] = kind.clone().into();
            details["resource"] = action.clone().into();
        }
        details
    }
}
