//! Listeners: what happens in an execution, told as it happens.

use std::sync::Arc;
use std::time::Duration;

use crate::data::{Data, Json};
use crate::definition::State;
use crate::error::ErrorOutput;
use crate::execution::Execution;
use crate::task::Visit;

/// Hears of what happens in executions. An execution without a listener pays nothing for it.
///
/// A listener is called between the steps of the execution and holds it up: let it be quick. It must not panic, since it
/// hears of a panic while the panic goes on.
///
/// # Example
///
/// ```
/// use std::sync::Mutex;
/// use workflow_core::{Event, InProcess, Listener, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// #[derive(Default)]
/// struct States(Mutex<Vec<&'static str>>);
///
/// impl Listener for States {
///     fn on(&self, event: &Event<'_>) {
///         if let Event::StateEntered { state, .. } = event {
///             self.0.lock().unwrap().push(state.name);
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let states = States::default();
/// InProcess::new(()).listener(&states).run::<Greeting>("Ada".to_owned()).await?;
/// assert_eq!(*states.0.lock().unwrap(), ["Greet"]);
/// # Ok(())
/// # }
/// ```
pub trait Listener: Sync {
    /// Hears of an event.
    fn on(&self, event: &Event<'_>);
}

impl<L: Listener> Listener for &L {
    fn on(&self, event: &Event<'_>) {
        (**self).on(event);
    }
}

/// Two listeners, one after the other.
impl<A: Listener, B: Listener> Listener for (A, B) {
    fn on(&self, event: &Event<'_>) {
        self.0.on(event);
        self.1.on(event);
    }
}

/// What happened. The names follow the events of AWS's execution history.
///
/// An execution that started ends with exactly one of `ExecutionSucceeded`, `ExecutionFailed`, `ExecutionAborted` and
/// `ExecutionSuspended`, after all that it called have ended. One that was suspended starts again when it goes on, and enters the states
/// again that it was in.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are what their types say")]
pub enum Event<'a> {
    /// An execution began, by itself or as the task of another.
    ExecutionStarted { execution: &'a Execution, parent: Option<Parent<'a>>, input: Payload<'a> },
    /// A state was entered with its raw input.
    StateEntered {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        input: Payload<'a>,
    },
    /// A task was called.
    TaskScheduled {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        input: Payload<'a>,
    },
    /// The call of a task that waits for its task token gave its result, and the waiting goes on.
    TaskSubmitted {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        output: Payload<'a>,
    },
    /// A task gave its result.
    TaskSucceeded {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        output: Payload<'a>,
    },
    /// A task, a branch or an item failed; a retrier or a catcher may still take the error.
    TaskFailed {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        error: &'a ErrorOutput,
    },
    /// A retrier took the error: the next attempt begins after the delay.
    RetryScheduled {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        visit: Visit,
        error: &'a ErrorOutput,
        delay: Duration,
    },
    /// A catcher took the error.
    ErrorCaught {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        error: &'a ErrorOutput,
        next: &'static State,
    },
    /// A state was left with its effective output.
    StateExited {
        execution: &'a Execution,
        scope: Scope<'a>,
        state: &'static State,
        output: Payload<'a>,
    },
    /// An execution ended well.
    ExecutionSucceeded { execution: &'a Execution, output: Payload<'a> },
    /// An execution failed.
    ExecutionFailed { execution: &'a Execution, error: &'a ErrorOutput },
    /// An execution left the process, and goes on later from its store: it waits for long, or the engine shuts down.
    ExecutionSuspended { execution: &'a Execution },
    /// An execution was cancelled: its future was dropped before its end, or a task of it panicked.
    ExecutionAborted { execution: &'a Execution },
}

impl<'a> Event<'a> {
    /// Returns the execution that it happened in.
    #[must_use]
    pub const fn execution(&self) -> &'a Execution {
        match *self {
            Self::ExecutionStarted { execution, .. }
            | Self::StateEntered { execution, .. }
            | Self::TaskScheduled { execution, .. }
            | Self::TaskSubmitted { execution, .. }
            | Self::TaskSucceeded { execution, .. }
            | Self::TaskFailed { execution, .. }
            | Self::RetryScheduled { execution, .. }
            | Self::ErrorCaught { execution, .. }
            | Self::StateExited { execution, .. }
            | Self::ExecutionSucceeded { execution, .. }
            | Self::ExecutionFailed { execution, .. }
            | Self::ExecutionSuspended { execution }
            | Self::ExecutionAborted { execution } => execution,
        }
    }

    /// Returns whether the execution has ended with it, or left the process.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed { .. }
                | Self::ExecutionSuspended { .. }
                | Self::ExecutionAborted { .. }
        )
    }
}

/// Where an execution was called that is the task of another.
#[derive(Debug, Clone, Copy)]
pub struct Parent<'a> {
    /// The execution that called it.
    pub execution: &'a Execution,
    /// The branch or item of the state that called it.
    pub scope: Scope<'a>,
    /// The state that called it.
    pub state: &'static State,
}

/// Data of an event, written as JSON only where a listener asks for it.
#[derive(Clone, Copy)]
pub struct Payload<'a>(&'a dyn ToJson);

impl<'a> Payload<'a> {
    /// Makes a payload of data.
    #[must_use]
    pub fn new<T: Data>(value: &'a T) -> Self {
        Self(value)
    }

    /// Returns the data as JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        self.0.to_json()
    }
}

impl std::fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

trait ToJson {
    fn to_json(&self) -> Json;
}

impl<T: Data> ToJson for T {
    fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_else(|error| Json::String(format!("<{error}>")))
    }
}

/// The branch or item that an event belongs to: which one, of which state, and what encloses it.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a>(pub Option<&'a Branch>);

/// A branch of a Parallel state or an item of a Map state, while it runs.
#[derive(Debug)]
pub struct Branch {
    /// The Parallel or Map state.
    pub state: &'static State,
    /// Its position among the branches or items, from 0.
    pub index: usize,
    outer: Option<Arc<Branch>>,
}

impl Branch {
    /// Makes what an engine keeps of a branch or an item while it runs.
    #[must_use]
    pub const fn new(state: &'static State, index: usize, outer: Option<Arc<Self>>) -> Self {
        Self { state, index, outer }
    }

    /// Returns what encloses the branch or item.
    #[must_use]
    pub fn outer(&self) -> Scope<'_> {
        Scope(self.outer.as_deref())
    }
}

impl<'a> Scope<'a> {
    /// Returns the innermost branch or item, or `None` outside of any.
    #[must_use]
    pub const fn branch(&self) -> Option<&'a Branch> {
        self.0
    }

    /// Returns how many branches and items enclose the event.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.map_or(0, |branch| branch.outer().depth() + 1)
    }
}

/// Whether somebody listens: [`Telling`], or nobody: [`Silent`], for whom no event is made, no scope is kept and no
/// execution is watched.
#[doc(hidden)]
pub trait Tells: Sync {
    /// What is kept of the branches and items that enclose a state.
    type Scope: Clone + Send + Sync;

    /// What tells, when it is dropped, that an execution was aborted. To forget it is to say that the execution ended.
    type Watch<'a>: Send
    where
        Self: 'a;

    /// Outside of any branch.
    fn outermost() -> Self::Scope;

    /// In a branch or item.
    fn inner(outer: &Self::Scope, state: &'static State, index: usize) -> Self::Scope;

    /// Tells of an event.
    fn tell<'a>(&self, scope: &'a Self::Scope, event: impl FnOnce(Scope<'a>) -> Event<'a>);

    /// Watches an execution that has started.
    fn watch<'a>(&'a self, execution: &'a Execution) -> Self::Watch<'a>;
}

/// Nobody listens.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Tells for Silent {
    type Scope = ();
    type Watch<'a> = ();

    #[inline]
    fn outermost() {}

    #[inline]
    fn inner((): &(), _: &'static State, _: usize) {}

    #[inline]
    fn tell<'a>(&self, (): &'a (), _: impl FnOnce(Scope<'a>) -> Event<'a>) {}

    #[inline]
    fn watch<'a>(&'a self, _: &'a Execution) {}
}

/// A listener hears of everything.
#[derive(Debug, Clone)]
pub struct Telling<L>(pub(crate) L);

impl<L: Listener> Tells for Telling<L> {
    type Scope = Option<Arc<Branch>>;
    type Watch<'a>
        = Watch<'a, L>
    where
        L: 'a;

    fn outermost() -> Self::Scope {
        None
    }

    fn inner(outer: &Self::Scope, state: &'static State, index: usize) -> Self::Scope {
        Some(Arc::new(Branch::new(state, index, outer.clone())))
    }

    fn tell<'a>(&self, scope: &'a Self::Scope, event: impl FnOnce(Scope<'a>) -> Event<'a>) {
        self.0.on(&event(Scope(scope.as_deref())));
    }

    fn watch<'a>(&'a self, execution: &'a Execution) -> Watch<'a, L> {
        Watch { listener: &self.0, execution }
    }
}

/// Tells a listener that an execution was aborted, when it is dropped.
#[derive(Debug)]
pub struct Watch<'a, L: Listener> {
    listener: &'a L,
    execution: &'a Execution,
}

impl<L: Listener> Drop for Watch<'_, L> {
    fn drop(&mut self) {
        self.listener.on(&Event::ExecutionAborted { execution: self.execution });
    }
}
