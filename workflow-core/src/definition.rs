//! The static description of a workflow: plain data that `workflow!` writes beside the code it generates.
//!
//! Pictures, traces, documentation and the export to ASL are made from it. It holds no behaviour and no Rust types, only
//! what was declared; what runs is the [`Machine`](crate::Machine) beside it.

mod expression;
mod generated;
mod handed;
mod kind;

use std::time::Duration;

use crate::data::Type;
use crate::retry::Retrier;
pub use expression::Expression;
pub use generated::{INPUT, raised};
pub use kind::{
    Catcher, Choice, ChoiceDefault, ChoiceRule, Distributed, Fail, Integration, Kind, Limit, Map,
    Parallel, Service, Task, Wait,
};

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
