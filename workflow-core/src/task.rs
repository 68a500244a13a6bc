//! Tasks: the functions that a workflow runs, what they receive, and the context that they may ask for.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::attempt::Attempted;
use crate::callback::Awaited;
use crate::data::Data;
use crate::definition::{Definition, State};
use crate::engine::Engine;
use crate::error::{Failed, TaskError};
use crate::execution::Execution;
use crate::task_token::{TaskToken, TaskTokenKey};

/// A function that a Task state can call. `#[task]` implements it for a type of the function's name.
///
/// What a task receives is told apart by the form of its parameters: a reference is what the program hands to the
/// execution, a [`TaskContext`] is the context, and all others are arguments that the workflow gives.
///
/// It gives back data, or a `Result` of data and a [`TaskError`], also by an alias that has parameters or a name that ends with
/// `Result`.
///
/// A task runs at least once for each visit to its state: where it acts on the outside world, let it use
/// [`TaskContext::idempotency_key`].
///
/// # Example
///
/// ```
/// use workflow_core::{Task, task, workflow};
///
/// pub struct Rates {
///     vat: f64,
/// }
///
/// #[task]
/// pub async fn gross(rates: &Rates, net: f64) -> f64 {
///     net * (1.0 + rates.vat)
/// }
///
/// workflow! {
///     pub Price(&Rates, f64) -> f64;
///     AddTax: Task { call: gross($), end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// assert_eq!(Price::run(&Rates { vat: 0.25 }, 100.0).await?, 125.0);
/// assert_eq!(gross::SIGNATURE.name, "gross");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task",
    label = "write `#[task]` before the function, or call a workflow"
)]
pub trait Task: Sized + 'static {
    /// What the function is called, and what it takes.
    const SIGNATURE: &'static Signature;
    /// The argument, or an object of the arguments where there are several, or `()` where there is none.
    type Input: Data;
    /// What the task gives back.
    type Output: Data;
    /// What it can raise.
    type Error: TaskError;
    /// What it needs of the program: [`Needs`] or [`Nothing`].
    type Resources: Resources;

    /// The workflow that it is, where it is one.
    const WORKFLOW: Option<fn() -> &'static Definition> = None;

    /// What it takes from whoever has its task token, where it waits for that.
    const AWAITS: Option<Awaited> = None;

    /// Runs the task once.
    fn call(
        resources: <Self::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;

    /// Runs the task once, for an engine. A workflow that is called as a task runs on that engine.
    fn invoke<E: Engine>(
        engine: &E,
        resources: <Self::Resources as Resources>::Ref<'_>,
        attempt: Attempt<'_>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Failed>> + Send {
        let _ = engine;
        Attempted::new(Self::call(resources, attempt, input), |result: Result<_, Self::Error>| {
            match result {
                Ok(output) => Ok(output),
                Err(error) => Err(error.into_error_output()),
            }
        })
    }
}

/// What a task is called, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The name of the function.
    pub name: &'static str,
    /// The names of the arguments.
    pub arguments: &'static [&'static str],
    /// The type that it needs a reference to, as it is written; empty where it needs nothing.
    pub resources: &'static str,
    /// Whether it asks for a [`TaskContext`].
    pub has_context: bool,
    /// Whether it is a workflow, which runs as an execution of its own.
    pub is_workflow: bool,
}

/// What a task or a workflow needs of the program that runs it.
pub trait Resources: 'static {
    /// The form in which it is handed over.
    type Ref<'a>: Copy + Send + Sync;
}

/// Nothing is needed.
#[derive(Debug, Clone, Copy)]
pub enum Nothing {}

impl Resources for Nothing {
    type Ref<'a> = ();
}

/// A reference to a `T` is needed.
#[derive(Debug, Clone, Copy)]
pub struct Needs<T: ?Sized>(std::marker::PhantomData<T>);

#[diagnostic::do_not_recommend]
impl<T: ?Sized + Sync + 'static> Resources for Needs<T> {
    type Ref<'a> = &'a T;
}

/// Something that holds a `T` for tasks to use. Everything provides itself.
///
/// Implement it where tasks need different things of one program:
///
/// ```
/// use workflow_core::Provides;
///
/// struct Pool;
/// struct App {
///     pool: Pool,
/// }
///
/// impl Provides<Pool> for App {
///     fn provide(&self) -> &Pool {
///         &self.pool
///     }
/// }
/// ```
pub trait Provides<T: ?Sized> {
    /// Returns what it holds.
    fn provide(&self) -> &T;
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Provides<T> for T {
    fn provide(&self) -> &T {
        self
    }
}

/// What the workflow is handed, as what one of its tasks needs.
#[doc(hidden)]
pub trait Supplies<'a, R: Resources> {
    /// Hands it over.
    fn supply(self) -> R::Ref<'a>;
}

#[diagnostic::do_not_recommend]
impl<'a, T> Supplies<'a, Nothing> for T {
    #[inline]
    fn supply(self) {}
}

#[diagnostic::do_not_recommend]
impl<'a, S: ?Sized + Provides<T>, T: ?Sized + Sync + 'static> Supplies<'a, Needs<T>> for &'a S {
    #[inline]
    fn supply(self) -> &'a T {
        self.provide()
    }
}

/// One visit of an execution to a state, in one of its attempts.
///
/// # Example
///
/// ```
/// use workflow_core::Visit;
///
/// let retried = Visit::first(7).with_retry_count(2);
/// assert_eq!((retried.number(), retried.retry_count()), (7, 2));
/// ```
// Its number is the lower half, the count the upper one. Two fields would be written one by one and handed on as a whole, for which a
// processor waits until both are in its cache: in an order of the bookstore, a twelfth of its time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visit(u64);

impl Visit {
    /// The first attempt of a visit, whose number no other visit of the execution has.
    #[inline]
    #[must_use]
    pub const fn first(number: u32) -> Self {
        Self(number as u64)
    }

    /// The attempt that so many came before: 0 for the first.
    #[inline]
    #[must_use]
    pub const fn with_retry_count(self, count: u32) -> Self {
        Self((count as u64) << 32 | self.number() as u64)
    }

    /// A number that no other visit of the execution has.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0 as u32
    }

    /// How many attempts came before: 0 for the first. ASL's `$$.State.RetryCount`.
    #[inline]
    #[must_use]
    pub const fn retry_count(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(crate) const fn to_bits(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit")
            .field("number", &self.number())
            .field("retry_count", &self.retry_count())
            .finish()
    }
}

/// One attempt to run a task: what its context is made from.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The execution.
    pub execution: &'a Execution,
    /// The state that calls the task.
    pub state: &'static State,
    /// The visit to that state.
    pub visit: Visit,
    /// Where heartbeats go, when the state watches for them.
    pub heartbeat: Option<&'a Heartbeat>,
    /// Where the state waits for its task token: that token, and the key that writes it.
    pub task_token: Option<(&'a TaskTokenKey, TaskToken)>,
}

impl Attempt<'_> {
    /// Makes the context that a task asked for.
    #[must_use]
    pub fn context(&self) -> TaskContext {
        let (workflow, name) = (self.execution.definition().name, self.execution.name());
        TaskContext {
            // Whatever identity the execution shows: that may be another's too.
            idempotency_key: format!("{workflow}:{name}:{}", self.visit.number()),
            execution: self.execution.id().to_owned(),
            state: self.state.name,
            retry_count: self.visit.retry_count(),
            heartbeat: self.heartbeat.cloned(),
            task_token: self.task_token.map(|(key, token)| key.seal(token)),
        }
    }
}

/// What a task may know of the execution it runs in. A parameter of this type receives it.
#[derive(Debug, Clone)]
pub struct TaskContext {
    execution: String,
    state: &'static str,
    retry_count: u32,
    idempotency_key: String,
    heartbeat: Option<Heartbeat>,
    task_token: Option<String>,
}

impl TaskContext {
    /// Returns the id of the execution.
    #[must_use]
    pub fn execution(&self) -> &str {
        &self.execution
    }

    /// Returns the name of the state that calls the task.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        self.state
    }

    /// Returns how many attempts came before this one: 0 for the first.
    #[must_use]
    pub const fn retry_count(&self) -> u32 {
        self.retry_count
    }

    /// Returns a key that is the same for every attempt of this visit to the state, and for no other visit.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.idempotency_key
    }

    /// Returns the token that the state waits for, where it waits for one: ASL's `$$.Task.Token`. Whoever has it ends the task with
    /// it, or says that it is alive.
    #[must_use]
    pub fn task_token(&self) -> Option<&str> {
        self.task_token.as_deref()
    }

    /// Says that the task is alive: the state's `heartbeat` starts anew.
    pub fn send_heartbeat(&self) {
        if let Some(heartbeat) = &self.heartbeat {
            heartbeat.beat();
        }
    }
}

/// Where a task's heartbeats go.
#[derive(Clone)]
pub struct Heartbeat(Arc<Beats>);

struct Beats {
    told: Notify,
    last: Mutex<Instant>,
}

impl Heartbeat {
    /// That of a task that was alive at a time.
    #[must_use]
    pub fn since(last: Instant) -> Self {
        Self(Arc::new(Beats { told: Notify::new(), last: Mutex::new(last) }))
    }

    /// Says that the task is alive.
    pub fn beat(&self) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.told.notify_one();
    }

    /// Returns when the task said so last.
    #[must_use]
    pub fn last(&self) -> Instant {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next heartbeat.
    pub async fn next(&self) {
        self.0.told.notified().await;
    }
}

impl Default for Heartbeat {
    /// That of a task that is alive now.
    fn default() -> Self {
        Self::since(Instant::now())
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heartbeat")
    }
}

/// What the function of a task gives back: its output, or a `Result`, whatever its name is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot go through a workflow: it does not implement `Data`",
    label = "add `#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]` to `{Self}`"
)]
pub trait Returned {
    /// What the task gives back.
    type Output;
    /// What it can raise.
    type Error;

    /// The same as a `Result`.
    ///
    /// # Errors
    ///
    /// What the function raised.
    fn into_result(self) -> Result<Self::Output, Self::Error>;
}

// The two do not overlap: `Data` is this crate's, and only here could a `Result` implement it.
#[diagnostic::do_not_recommend]
impl<T: Data> Returned for T {
    type Output = T;
    type Error = std::convert::Infallible;

    #[inline]
    fn into_result(self) -> Result<T, std::convert::Infallible> {
        Ok(self)
    }
}

impl<T, E> Returned for Result<T, E> {
    type Output = T;
    type Error = E;

    #[inline]
    fn into_result(self) -> Self {
        self
    }
}
