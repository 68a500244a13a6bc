//! What a workflow is to an engine: a machine whose every state can be entered.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::Data;
use crate::definition::{Definition, StateMachine};
use crate::engine::Engine;
use crate::error::{ErrorNames, ErrorOutput, Failed, TaskError};
use crate::execution::Execution;
use crate::task::Resources;

/// A state machine: a workflow, a branch of a Parallel state, or the item processor of a Map state. `workflow!` writes it.
///
/// A state is a checkpoint: a machine runs from any of its states, given the state's input and the variables. Nothing is
/// replayed to get there, so a task may read the clock, draw a random number or call the network.
pub trait Machine: Sized + 'static {
    /// What the machine starts with.
    type Input: Data;
    /// What it ends with.
    type Output: Data;
    /// What its tasks need of the program.
    type Resources: Resources;
    /// One variant a state, with the input of the state.
    type State: Serialize + DeserializeOwned + Send + 'static;
    /// The variables of its scope, and the outer ones that it reads.
    type Variables: Default + Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The description of its states.
    const STATES: &'static StateMachine;

    /// Returns the state that the machine starts in.
    fn start(input: Self::Input) -> Self::State;

    /// Runs from a state to the end of the machine.
    ///
    /// The entry is generic so that a start, which is known while compiling, costs nothing.
    fn run<E: Engine, S: Entry<Self>>(
        engine: E,
        resources: <Self::Resources as Resources>::Ref<'_>,
        variables: Self::Variables,
        entry: S,
    ) -> impl Future<Output = Result<Self::Output, Failed>> + Send;
}

/// Where a machine is entered.
pub trait Entry<M: Machine>: Send {
    /// Returns the state to go on from.
    fn into_state(self) -> M::State;
}

/// Enters a machine at its start, with its input.
pub struct Start<M: Machine>(pub M::Input);

impl<M: Machine> Entry<M> for Start<M> {
    #[inline]
    fn into_state(self) -> M::State {
        M::start(self.0)
    }
}

/// Enters a machine at any of its states: how an engine goes on from a checkpoint.
pub struct Resume<M: Machine>(pub M::State);

impl<M: Machine> Entry<M> for Resume<M> {
    #[inline]
    fn into_state(self) -> M::State {
        self.0
    }
}

impl<M: Machine> fmt::Debug for Start<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Start")
    }
}

impl<M: Machine> fmt::Debug for Resume<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resume")
    }
}

/// A machine that stands on its own: what `workflow!` declares.
pub trait Workflow: Machine {
    /// The description of the workflow.
    const DEFINITION: &'static Definition;
    /// The errors that an execution can end with.
    const ERRORS: &'static ErrorNames;

    /// Returns the variables that an execution starts with.
    fn variables(execution: &Execution, input: &Self::Input) -> Self::Variables;
}

/// How one stretch of a machine ends.
#[doc(hidden)]
#[derive(Debug)]
pub enum Step<S, O> {
    /// In a state that begins another stretch.
    Next(S),
    /// With the output of the machine.
    End(O),
}

/// The error of a workflow that is called as a task.
pub struct NestedError<W> {
    error: Failed,
    workflow: PhantomData<fn() -> W>,
}

impl<W> fmt::Debug for NestedError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NestedError").field(&self.error).finish()
    }
}

impl<W> From<Failed> for NestedError<W> {
    fn from(error: Failed) -> Self {
        Self { error, workflow: PhantomData }
    }
}

impl<W> fmt::Display for NestedError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.cause)
    }
}

#[diagnostic::do_not_recommend]
impl<W: Workflow> TaskError for NestedError<W> {
    const NAMES: &'static ErrorNames = W::ERRORS;

    fn name(&self) -> &str {
        &self.error.error
    }

    fn into_error_output(self) -> Failed {
        Box::new(ErrorOutput { state: None, ..*self.error })
    }
}
