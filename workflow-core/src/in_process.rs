//! The in-process engine: nothing but calls. The optimiser removes it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

use crate::attempt::Attempted;
use crate::data::Data;
use crate::definition::State;
use crate::engine::{Engine, Limits, Until};
use crate::error::{ErrorOutput, Failed};
use crate::execution::{Execution, ExecutionError, Identity};
use crate::listener::{Event, Listener, Parent, Payload, Scope, Silent, Telling, Tells};
use crate::machine::{Entry, Machine, NestedError, Start, Workflow};
use crate::task::{Attempt, Heartbeat, Resources, Supplies, Task, Visit};

/// Runs workflows in the process, as a future that the program awaits. Dropping the future cancels the execution; a
/// listener hears of that as [`Event::ExecutionAborted`].
///
/// `OrderFlow::run(&shop, order)` is short for `InProcess::new(&shop).run::<OrderFlow>(order)`.
///
/// # Example
///
/// ```
/// use workflow_core::{InProcess, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let greeting = InProcess::new(()).name("first").run::<Greeting>("Ada".to_owned()).await?;
/// assert_eq!(greeting, "Hello, Ada!");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct InProcess<R, T = Silent> {
    resources: R,
    tells: T,
    name: Option<String>,
    identity: Option<Identity>,
}

impl<R: Copy> InProcess<R> {
    /// Makes an engine that hands `resources` to the tasks: a reference, or `()` where they need nothing.
    #[must_use]
    pub const fn new(resources: R) -> Self {
        Self { resources, tells: Silent, name: None, identity: None }
    }

    /// Has a listener hear of what happens. A pair of listeners is a listener.
    #[must_use]
    pub fn listener<L: Listener>(self, listener: L) -> InProcess<R, Telling<L>> {
        let Self { resources, name, identity, .. } = self;
        InProcess { resources, tells: Telling(listener), name, identity }
    }
}

impl<R: Copy, T: Tells> InProcess<R, T> {
    /// Gives the next executions a name, instead of a random one each.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Has the next executions show another identity than their own in the context object.
    #[must_use]
    pub fn identity(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Runs a workflow to its end.
    ///
    /// # Errors
    ///
    /// What the execution failed with: an error that no retrier and no catcher took, a Fail state, a timeout.
    pub fn run<'a, W: Workflow>(
        &'a self,
        input: W::Input,
    ) -> impl Future<Output = Result<W::Output, ExecutionError>> + Send
    where
        R: Supplies<'a, W::Resources>,
        T: 'a,
    {
        let Self { resources, tells, name, identity } = self;
        let execution = match name {
            None => Execution::new(W::DEFINITION),
            Some(name) => Execution::named(W::DEFINITION, name.clone()),
        };
        let execution = match identity {
            None => execution,
            Some(identity) => execution.with_identity(identity.clone()),
        };
        let begin = |execution: &Execution, input: &W::Input| {
            tells.tell(&T::outermost(), |_| started(execution, None, input));
        };
        let resources = Supplies::<'a, W::Resources>::supply(*resources);
        execute::<W, T, _>(execution, tells, resources, input, begin, ended)
    }
}

/// Runs an execution to its end, and makes something of that.
#[inline]
#[expect(clippy::manual_async_fn, reason = "an async function holds its arguments twice")]
fn execute<W: Workflow, T: Tells, R>(
    execution: Execution,
    tells: &T,
    resources: <W::Resources as Resources>::Ref<'_>,
    input: W::Input,
    begin: impl FnOnce(&Execution, &W::Input) + Send,
    end: impl FnOnce(&Execution, Result<W::Output, Failed>) -> R + Send,
) -> impl Future<Output = R> + Send {
    async move {
        begin(&execution, &input);
        let running = Running { execution: &execution, tells, scope: T::outermost() };
        let watch = tells.watch(&execution);
        let variables = W::variables(&execution, &input);
        // What a timeout cuts off is dropped here, so that executions it called end before it does.
        let result = {
            let run = W::run(running.clone(), resources, variables, Start::<W>(input));
            match W::DEFINITION.timeout {
                None => run.await,
                Some(timeout) => Box::pin(tokio::time::timeout(timeout, run))
                    .await
                    .unwrap_or_else(|_| Err(ErrorOutput::execution_timed_out())),
            }
        };
        // It has an end, which is told below.
        std::mem::forget(watch);
        match &result {
            Ok(output) => {
                let output = Payload::new(output);
                running.tell(|_| Event::ExecutionSucceeded { execution: &execution, output });
            }
            Err(error) => {
                running.tell(|_| Event::ExecutionFailed { execution: &execution, error });
            }
        }
        end(&execution, result)
    }
}

/// The outcome of an execution, for the program.
fn ended<O>(execution: &Execution, result: Result<O, Failed>) -> Result<O, ExecutionError> {
    match result {
        Ok(output) => Ok(output),
        Err(error) => Err(ExecutionError::new(execution, error)),
    }
}

/// One execution, or one of its branches, on this engine.
struct Running<'a, T: Tells> {
    execution: &'a Execution,
    tells: &'a T,
    scope: T::Scope,
}

impl<T: Tells> Clone for Running<'_, T> {
    fn clone(&self) -> Self {
        Self { scope: self.scope.clone(), ..*self }
    }
}

impl<'r, T: Tells> Running<'r, T> {
    #[inline]
    fn tell<'a>(&'a self, event: impl FnOnce(Scope<'a>) -> Event<'a>) {
        self.tells.tell(&self.scope, event);
    }

    fn attempted<O: Data>(&self, state: &'static State, visit: Visit, result: &Result<O, Failed>) {
        let execution = self.execution;
        match result {
            Ok(output) => {
                self.tell(|scope| Event::TaskSucceeded {
                    execution,
                    scope,
                    state,
                    visit,
                    output: Payload::new(output),
                });
            }
            Err(error) => {
                self.tell(|scope| Event::TaskFailed { execution, scope, state, visit, error });
            }
        }
    }
}

impl<T: Tells> Engine for Running<'_, T> {
    #[inline]
    fn execution(&self) -> &Execution {
        self.execution
    }

    #[inline]
    fn entered<M: Machine, I: Data>(&self, state: &'static State, input: &I, _: &M::Variables) {
        let execution = self.execution;
        self.tell(|scope| Event::StateEntered {
            execution,
            scope,
            state,
            input: Payload::new(input),
        });
    }

    #[inline]
    fn exited<O: Data>(&self, state: &'static State, output: &O) {
        let execution = self.execution;
        self.tell(|scope| Event::StateExited {
            execution,
            scope,
            state,
            output: Payload::new(output),
        });
    }

    #[inline]
    fn caught(&self, state: &'static State, error: &ErrorOutput, next: &'static State) {
        let execution = self.execution;
        self.tell(|scope| Event::ErrorCaught { execution, scope, state, error, next });
    }

    #[inline]
    fn attempt<K: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        resources: <K::Resources as Resources>::Ref<'_>,
        input: K::Input,
    ) -> impl Future<Output = Result<K::Output, Failed>> + Send {
        let execution = self.execution;
        self.tell(|scope| Event::TaskScheduled {
            execution,
            scope,
            state,
            visit,
            input: Payload::new(&input),
        });
        let attempt = Attempt { execution, state, visit, heartbeat: None };
        Attempted::new(K::invoke(self, resources, attempt, input), move |result| {
            self.attempted(state, visit, &result);
            result
        })
    }

    async fn attempt_within<K: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        limits: Limits,
        resources: <K::Resources as Resources>::Ref<'_>,
        input: K::Input,
    ) -> Result<K::Output, Failed> {
        let execution = self.execution;
        self.tell(|scope| Event::TaskScheduled {
            execution,
            scope,
            state,
            visit,
            input: Payload::new(&input),
        });
        let heartbeat = limits.heartbeat.map(|_| Heartbeat::default());
        let attempt = Attempt { execution, state, visit, heartbeat: heartbeat.as_ref() };
        let call = K::invoke(self, resources, attempt, input);
        let result = limits.hold(heartbeat.as_ref(), call).await;
        self.attempted(state, visit, &result);
        result
    }

    async fn back_off(
        &self,
        state: &'static State,
        visit: Visit,
        error: &ErrorOutput,
        delay: Duration,
    ) {
        let execution = self.execution;
        self.tell(|scope| Event::RetryScheduled { execution, scope, state, visit, error, delay });
        if !delay.is_zero() {
            sleep(delay).await;
        }
    }

    async fn wait(&self, _: &'static State, until: Until) -> Result<(), Failed> {
        let duration = match until {
            Until::After(duration) => duration,
            Until::At(time) => self.execution.time_until(time),
        };
        sleep(duration).await;
        Ok(())
    }

    #[inline]
    fn branch<M: Machine, S: Entry<M>>(
        &self,
        state: &'static State,
        index: usize,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> impl Future<Output = Result<M::Output, Failed>> + Send {
        let branch = Self { scope: T::inner(&self.scope, state, index), ..*self };
        M::run(branch, resources, variables, entry)
    }

    async fn nested<W: Workflow>(
        &self,
        state: &'static State,
        resources: <W::Resources as Resources>::Ref<'_>,
        input: W::Input,
    ) -> Result<W::Output, Failed> {
        let begin = |execution: &Execution, input: &W::Input| {
            self.tell(|scope| {
                let parent = Parent { execution: self.execution, scope, state };
                started(execution, Some(parent), input)
            });
        };
        let execution = self.execution.nested(W::DEFINITION)?;
        let end = |_: &Execution, result| result;
        // Boxed, so that a workflow that calls itself has a future of finite size.
        let nested: Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + '_>> =
            Box::pin(execute::<W, T, _>(execution, self.tells, resources, input, begin, end));
        nested.await
    }
}

fn started<'a>(
    execution: &'a Execution,
    parent: Option<Parent<'a>>,
    input: &'a impl Data,
) -> Event<'a> {
    execution.start_clock();
    Event::ExecutionStarted { execution, parent, input: Payload::new(input) }
}

/// Runs a workflow that is called as a task where there is no engine to run it on.
#[doc(hidden)]
pub fn run_nested<'a, W: Workflow>(
    resources: <W::Resources as Resources>::Ref<'a>,
    input: W::Input,
) -> impl Future<Output = Result<W::Output, NestedError<W>>> + Send + 'a {
    let execution = Execution::new(W::DEFINITION);
    let end = |_: &Execution, result: Result<_, Failed>| result.map_err(NestedError::from);
    execute::<W, Silent, _>(execution, &Silent, resources, input, |_, _| {}, end)
}

/// Runs a workflow without a name and without a listener.
#[doc(hidden)]
#[inline]
pub fn run<'a, W: Workflow, R: Supplies<'a, W::Resources>>(
    resources: R,
    input: W::Input,
) -> impl Future<Output = Result<W::Output, ExecutionError>> + Send + 'a {
    let execution = Execution::new(W::DEFINITION);
    execute::<W, Silent, _>(execution, &Silent, resources.supply(), input, |_, _| {}, ended)
}
