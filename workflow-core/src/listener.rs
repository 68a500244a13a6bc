//! Listeners: who hears of what happens in an execution, as it happens. What is told is in [`event`](crate::event).

use std::sync::Arc;

use crate::definition::State;
use crate::event::{Branch, Event, Scope};
use crate::execution::Execution;

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

impl<L: Listener + Send> Listener for Arc<L> {
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

/// Whether somebody listens: [`Telling`], or nobody: [`Silent`], for whom no event is made, no scope is kept and no
/// execution is watched.
#[doc(hidden)]
pub trait Tells: Sync {
    /// What is kept of the branches and items that enclose a state.
    type Scope: Clone + Send + Sync;

    /// What is kept until something has happened, to tell of it: nothing where nobody listens, so that no attempt has room for it.
    type Kept<V: Copy + Send>: Copy + Send;

    /// What tells, when it is dropped, that an execution was aborted. To forget it is to say that the execution ended.
    type Watch<'a>: Send
    where
        Self: 'a;

    /// Outside of any branch.
    fn outermost() -> Self::Scope;

    /// In a branch or item, which begins.
    fn inner(
        outer: &Self::Scope,
        execution: &Execution,
        state: &'static State,
        index: usize,
    ) -> Self::Scope;

    /// Keeps what an event will need.
    fn keep<V: Copy + Send>(value: V) -> Self::Kept<V>;

    /// Returns what was kept.
    fn kept<V: Copy + Send>(kept: Self::Kept<V>) -> Option<V>;

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
    type Kept<V: Copy + Send> = ();
    type Watch<'a> = ();

    #[inline]
    fn outermost() {}

    #[inline]
    fn inner((): &(), _: &Execution, _: &'static State, _: usize) {}

    #[inline]
    fn keep<V: Copy + Send>(_: V) {}

    #[inline]
    fn kept<V: Copy + Send>((): ()) -> Option<V> {
        None
    }

    #[inline]
    fn tell<'a>(&self, (): &'a (), _: impl FnOnce(Scope<'a>) -> Event<'a>) {}

    #[inline]
    fn watch<'a>(&'a self, _: &'a Execution) {}
}

/// A listener hears of everything.
#[derive(Debug, Clone)]
pub struct Telling<L>(pub(crate) L);

impl<L: Listener> Tells for Telling<L> {
    type Scope = Option<Branch>;
    type Kept<V: Copy + Send> = V;
    type Watch<'a>
        = Watch<'a, L>
    where
        L: 'a;

    fn outermost() -> Self::Scope {
        None
    }

    fn inner(
        outer: &Self::Scope,
        execution: &Execution,
        state: &'static State,
        index: usize,
    ) -> Self::Scope {
        Some(Branch::new(execution.count_branch(), state, index, outer.as_ref()))
    }

    fn keep<V: Copy + Send>(value: V) -> V {
        value
    }

    fn kept<V: Copy + Send>(kept: V) -> Option<V> {
        Some(kept)
    }

    fn tell<'a>(&self, scope: &'a Self::Scope, event: impl FnOnce(Scope<'a>) -> Event<'a>) {
        self.0.on(&event(Scope(scope.as_ref())));
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
