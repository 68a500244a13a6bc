//! The static description of a workflow: plain data that `workflow!` writes beside the code it generates.
//!
//! Pictures, traces, documentation and the export to ASL are made from it. It holds no behaviour and no Rust types, only
//! what was declared; what runs is the [`Machine`](crate::Machine) beside it.

mod expression;

use std::time::Duration;

use crate::callback::Awaited;
use crate::data::Type;
use crate::error::{ErrorNames, TaskError};
use crate::retry::Retrier;
pub use expression::Expression;

/// A workflow as it was declared.
///
/// # Example
///
/// ```
/// use workflow_core::{Workflow, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// let definition = Greeting::definition();
/// assert_eq!(definition.name, "Greeting");
/// assert_eq!(definition.machine.states[0].name, "Greet");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The name of the workflow.
    pub name: &'static str,
    /// Its documentation, which is ASL's `Comment`.
    pub comment: Option<&'static str>,
    /// The type of its input.
    pub input: &'static Type,
    /// The type of its output.
    pub output: &'static Type,
    /// The time after which an execution fails with `States.Timeout`: ASL's `TimeoutSeconds` of a state machine.
    pub timeout: Option<Duration>,
    /// Its states.
    pub machine: StateMachine,
    /// What ASL cannot express of it; where there is nothing, it can be exported.
    pub inexpressible: &'static [Inexpressible],
    /// The paths that Choice states ask whether they are present.
    pub presences: &'static [Presence],
}

/// A path of which a Choice state asks whether it is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// The state that asks.
    pub state: &'static str,
    /// The path.
    pub path: &'static str,
    /// Whether it leads to an `Option`, which JSON may have as `null` where it is absent.
    pub is_option: bool,
}

/// Something that ASL cannot express.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inexpressible {
    /// The state that says it.
    pub state: &'static str,
    /// What it says.
    pub what: &'static str,
}

impl Definition {
    /// Returns whether any state calls a function or a workflow of this name.
    #[must_use]
    pub fn calls(&self, function: &str) -> bool {
        self.machine.calls(function)
    }
}

/// States and where they start: the workflow itself, a branch of a Parallel state, or the item processor of a Map state.
#[derive(Debug, Clone, Copy)]
pub struct StateMachine {
    /// What is said of a branch or of an item processor, which is ASL's `Comment`.
    pub comment: Option<&'static str>,
    /// ASL's `StartAt`.
    pub start_at: StateId,
    /// The states in the order of their declaration; a [`StateId`] is an index into them.
    pub states: &'static [State],
}

impl StateMachine {
    fn calls(&self, function: &str) -> bool {
        self.states.iter().any(|state| match &state.kind {
            Kind::Task(task) => task.function == function,
            Kind::Parallel(parallel) => {
                parallel.branches.iter().any(|branch| branch.calls(function))
            }
            Kind::Map(map) => map.item_processor.calls(function),
            _ => false,
        })
    }

    /// Returns the state that an id of this machine names.
    ///
    /// # Panics
    ///
    /// When the id is one of another machine and this one has fewer states.
    #[must_use]
    pub fn state(&self, id: StateId) -> &'static State {
        &self.states[usize::from(id.0)]
    }
}

/// The place of a state in its [`StateMachine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u16);

/// One state.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Its name.
    pub name: &'static str,
    /// Its documentation, which is ASL's `Comment`.
    pub comment: Option<&'static str>,
    /// What it does.
    pub kind: Kind,
    /// How its input becomes its output.
    pub flow: DataFlow,
    /// Where the execution goes from here, for the kinds of state that say so with `next` or `end`.
    pub transition: Option<Transition>,
}

impl State {
    /// Returns whether it is a distributed Map, whose items are executions of their own on AWS.
    #[must_use]
    pub const fn is_distributed(&self) -> bool {
        matches!(&self.kind, Kind::Map(map) if map.distributed.is_some())
    }

    /// Whether it calls a function with its input as it is.
    pub(crate) fn calls_with_input(&self) -> bool {
        let takes_whole = match &self.kind {
            Kind::Task(task) => task.arguments == [Expression::Path("$")],
            _ => false,
        };
        takes_whole && self.flow.keeps_input()
    }

    /// Whether its output is its input as it is, wherever it goes from here.
    pub(crate) fn outputs_input(&self) -> bool {
        let does_nothing = match &self.kind {
            Kind::Choice(choice) => choice.outputs_input(),
            Kind::Wait(_) | Kind::Pass | Kind::Succeed => true,
            Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_) | Kind::Fail(_) => false,
        };
        does_nothing && self.flow.keeps_input() && self.flow.keeps_result()
    }

    /// Whether its output is the result of what it calls as it is.
    pub(crate) fn outputs_result(&self) -> bool {
        self.flow.keeps_result()
    }

    /// Returns the state's retriers; none for a kind of state that has none.
    #[inline]
    #[must_use]
    pub const fn retry(&self) -> &'static [Retrier] {
        match &self.kind {
            Kind::Task(task) => task.retry,
            Kind::Parallel(parallel) => parallel.retry,
            Kind::Map(map) => map.retry,
            _ => &[],
        }
    }

    /// Returns the state's catchers; none for a kind of state that has none.
    #[must_use]
    pub const fn catch(&self) -> &'static [Catcher] {
        match &self.kind {
            Kind::Task(task) => task.catch,
            Kind::Parallel(parallel) => parallel.catch,
            Kind::Map(map) => map.catch,
            _ => &[],
        }
    }

    /// Returns the machine that runs inside the state, in a branch or for an item by its position: a branch, the item processor, or
    /// the workflow that is called.
    #[must_use]
    pub fn inner(&'static self, index: usize) -> Option<&'static StateMachine> {
        match &self.kind {
            Kind::Parallel(parallel) => parallel.branches.get(index),
            Kind::Map(map) => Some(&map.item_processor),
            Kind::Task(task) => Some(&task.workflow?().machine),
            _ => None,
        }
    }
}

/// Where an execution goes from a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// To another state of the same machine: ASL's `Next`.
    Next(StateId),
    /// Nowhere, the machine ends with the state's output: ASL's `End`.
    End,
}

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

/// The fields of a state that say how data goes through it, in the order in which they apply.
#[derive(Debug, Clone, Copy)]
pub struct DataFlow {
    /// ASL's `InputPath`.
    pub input_path: PathField,
    /// ASL's `Parameters` of Pass, Parallel and Task states.
    pub parameters: Option<Expression>,
    /// ASL's `ResultSelector`.
    pub result_selector: Option<Expression>,
    /// ASL's `ResultPath`.
    pub result_path: PathField,
    /// ASL's `OutputPath`.
    pub output_path: PathField,
    /// What leaves the state, where an expression says so; ASL's `Output`, and `Result` of a Pass state.
    pub output: Option<Expression>,
    /// ASL's `Assign`: variables and their values.
    pub assign: &'static [(&'static str, Expression)],
}

impl DataFlow {
    fn keeps_input(&self) -> bool {
        self.input_path == PathField::Absent && self.parameters.is_none()
    }

    fn keeps_result(&self) -> bool {
        let Self { result_selector, result_path, output_path, output, .. } = self;
        result_selector.is_none()
            && output.is_none()
            && (*result_path, *output_path) == (PathField::Absent, PathField::Absent)
    }
}

/// A field whose value is a path, and that may be absent or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathField {
    /// Not given, which means `$`.
    Absent,
    /// `null`: the data are discarded.
    Null,
    /// A path.
    Path(&'static str),
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

impl Choice {
    fn outputs_input(&self) -> bool {
        let default = self.default.as_ref().and_then(|default| default.output.as_ref());
        default.is_none() && self.rules.iter().all(|rule| rule.output.is_none())
    }
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

/// The arguments of a task that takes its state's input as it is.
#[doc(hidden)]
pub const INPUT: &[Expression] = &[Expression::Path("$")];

#[doc(hidden)]
impl State {
    /// A state without a comment, through which its data go as they are.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, transition: Option<Transition>) -> Self {
        Self { name, comment: None, kind, flow: DataFlow::UNCHANGED, transition }
    }
}

#[doc(hidden)]
impl DataFlow {
    /// No field says anything.
    pub const UNCHANGED: Self = Self {
        input_path: PathField::Absent,
        parameters: None,
        result_selector: None,
        result_path: PathField::Absent,
        output_path: PathField::Absent,
        output: None,
        assign: &[],
    };
}

#[doc(hidden)]
impl Service {
    /// No definition of ASL says anything.
    pub const UNNAMED: Self = Self { resource: None, credentials: None, request: &[] };
}

#[doc(hidden)]
impl StateMachine {
    /// States without a comment.
    #[must_use]
    pub const fn new(start_at: StateId, states: &'static [State]) -> Self {
        Self { comment: None, start_at, states }
    }
}

#[doc(hidden)]
impl Task {
    /// The call of a function, without limits of time.
    #[must_use]
    pub const fn of<T: crate::Task>(
        arguments: &'static [Expression],
        retry: &'static [Retrier],
        catch: &'static [Catcher],
    ) -> Self {
        Self {
            function: T::SIGNATURE.name,
            integration: if T::SIGNATURE.is_workflow {
                Integration::Execution
            } else if T::AWAITS.is_some() {
                // A function that is the resource itself waits for nothing on AWS.
                Integration::LambdaInvoke
            } else {
                Integration::Function
            },
            inexpressible: &[],
            service: Service::UNNAMED,
            arguments,
            parameters: T::SIGNATURE.arguments,
            awaits: T::AWAITS,
            workflow: T::WORKFLOW,
            timeout: None,
            heartbeat: None,
            retry,
            catch,
        }
    }
}

#[doc(hidden)]
impl Transition {
    /// To a state, by its position.
    #[must_use]
    pub const fn next(state: u16) -> Option<Self> {
        Some(Self::Next(StateId(state)))
    }
}

/// Returns the errors that a task raises.
#[doc(hidden)]
#[must_use]
pub const fn raised<T: crate::Task>() -> &'static ErrorNames {
    <T::Error as TaskError>::NAMES
}
