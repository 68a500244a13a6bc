//! How `workflow!` writes a description: what it says most often, in few tokens.

use super::{
    Catcher, DataFlow, Expression, Integration, Kind, PathField, Service, State, StateId,
    StateMachine, Task, Transition,
};
use crate::error::{ErrorNames, TaskError};
use crate::retry::Retrier;

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
