//! The kinds of state, each with the fields that only it has.

use std::time::Duration;

use super::{Definition, Expression, PathField, StateId, StateMachine};
use crate::callback::Awaited;
use crate::retry::Retrier;

/// What a state does, with the fields that only this kind of state has.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Runs a task.
    Task(Task),
    /// Goes one of several ways.
    Choice(Choice),
    /// Runs branches at the same time.
    Parallel(Parallel),
    /// Runs a state machine for each item of a list.
    Map(Map),
    /// Waits.
    Wait(Wait),
    /// Hands its input on.
    Pass,
    /// Ends its machine with success.
    Succeed,
    /// Ends the execution with an error.
    Fail(Fail),
}

impl Kind {
    /// Returns ASL's `Type` of the state: `"Task"`, `"Choice"` and so on.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Choice(_) => "Choice",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
            Self::Wait(_) => "Wait",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
        }
    }
}

/// The fields of a Task state.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// The name of the function or the workflow that is called.
    pub function: &'static str,
    /// The way it is reached.
    pub integration: Integration,
    /// What a definition of ASL says of the call to the service that runs it there.
    pub service: Service,
    /// What ASL cannot express of the state where it calls a workflow.
    pub inexpressible: &'static [&'static str],
    /// Its arguments with the names of the function's parameters; one argument is the value itself.
    pub arguments: &'static [Expression],
    /// The names of the function's parameters.
    pub parameters: &'static [&'static str],
    /// What is taken from whoever has the task token, where the state waits for that: ASL's `.waitForTaskToken`.
    pub awaits: Option<Awaited>,
    /// The workflow that is called, where it is one.
    pub workflow: Option<fn() -> &'static Definition>,
    /// ASL's `TimeoutSeconds`.
    pub timeout: Option<Limit>,
    /// ASL's `HeartbeatSeconds`.
    pub heartbeat: Option<Limit>,
    /// ASL's `Retry`.
    pub retry: &'static [Retrier],
    /// ASL's `Catch`.
    pub catch: &'static [Catcher],
}

/// What a definition of ASL says of a call to the service that runs it, and what only that service reads.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The resource as the definition names it: an ARN, or the name of a function.
    pub resource: Option<&'static str>,
    /// ASL's `Credentials`: the role that the call assumes.
    pub credentials: Option<Expression>,
    /// The fields of the request to the service, but for what it calls and the input of that.
    pub request: &'static [(&'static str, Expression)],
}

/// The way a Task state reaches its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integration {
    /// The function is the resource: its result is the result of the state.
    Function,
    /// `lambda::invoke`: the result is wrapped in [`Invoke`](crate::lambda::Invoke).
    LambdaInvoke,
    /// The call of a workflow, an execution of its own: ASL's `startExecution.sync:2`, whose output is taken out of the envelope.
    Execution,
    /// The same, in the envelope.
    StartExecution,
}

/// A bound on time: known while compiling, or read from the input.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// A duration.
    Fixed(Duration),
    /// The value of an expression, in seconds: ASL's fields that end in `Path`.
    Seconds(Expression),
}

/// The fields of a Choice state.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// ASL's `Choices`.
    pub rules: &'static [ChoiceRule],
    /// ASL's `Default`.
    pub default: Option<ChoiceDefault>,
}

/// What a Choice state does where no rule holds.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceDefault {
    /// Where the execution goes then.
    pub next: StateId,
    /// What leaves the state then, where it says so.
    pub output: Option<Expression>,
    /// The variables that it assigns.
    pub assign: &'static [(&'static str, Expression)],
}

/// One rule of a Choice state.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceRule {
    /// What is said of it: ASL's `Comment`.
    pub comment: Option<&'static str>,
    /// When the rule holds.
    pub condition: Expression,
    /// Where the execution goes then.
    pub next: StateId,
    /// What leaves the state then, where the rule says so.
    pub output: Option<Expression>,
    /// The variables that the rule assigns.
    pub assign: &'static [(&'static str, Expression)],
}

/// The fields of a Parallel state.
#[derive(Debug, Clone, Copy)]
pub struct Parallel {
    /// ASL's `Branches`.
    pub branches: &'static [StateMachine],
    /// ASL's `Retry`.
    pub retry: &'static [Retrier],
    /// ASL's `Catch`.
    pub catch: &'static [Catcher],
}

/// The fields of a Map state.
#[derive(Debug, Clone, Copy)]
pub struct Map {
    /// The list: ASL's `ItemsPath`.
    pub items: Expression,
    /// ASL's `ItemSelector`.
    pub item_selector: Option<Expression>,
    /// ASL's `ItemProcessor`.
    pub item_processor: StateMachine,
    /// ASL's `MaxConcurrency`.
    pub max_concurrency: Option<Expression>,
    /// What a distributed Map has; none for an inline one.
    pub distributed: Option<Distributed>,
    /// ASL's `Retry`.
    pub retry: &'static [Retrier],
    /// ASL's `Catch`.
    pub catch: &'static [Catcher],
}

/// What a Map state has whose items are executions of their own on AWS: a distributed Map.
#[derive(Debug, Clone, Copy)]
pub struct Distributed {
    /// The type of these executions: ASL's `ExecutionType`.
    pub execution_type: &'static str,
    /// What their names begin with: ASL's `Label`.
    pub label: Option<&'static str>,
    /// How many items may fail: ASL's `ToleratedFailureCount`.
    pub tolerated_count: Option<Expression>,
    /// The share of items that may fail, in hundredths: ASL's `ToleratedFailurePercentage`.
    pub tolerated_percentage: Option<Expression>,
}

/// The fields of a Wait state.
#[derive(Debug, Clone, Copy)]
pub enum Wait {
    /// ASL's `Seconds` and `SecondsPath`.
    Seconds(Limit),
    /// ASL's `Timestamp` and `TimestampPath`.
    Timestamp(Expression),
}

/// The fields of a Fail state.
#[derive(Debug, Clone, Copy)]
pub struct Fail {
    /// ASL's `Error` and `ErrorPath`.
    pub error: Option<Expression>,
    /// ASL's `Cause` and `CausePath`.
    pub cause: Option<Expression>,
}

/// One catcher: the errors it takes, and what happens then. ASL's `Catch`.
#[derive(Debug, Clone, Copy)]
pub struct Catcher {
    /// What is said of it: ASL's `Comment`.
    pub comment: Option<&'static str>,
    /// The names of the errors it takes.
    pub error_equals: &'static [&'static str],
    /// The state that goes on.
    pub next: StateId,
    /// Where the error output goes in the state's input.
    pub result_path: PathField,
    /// What leaves the state, where an expression says so.
    pub output: Option<Expression>,
    /// The variables that the catcher assigns.
    pub assign: &'static [(&'static str, Expression)],
}
