//! The in-process engine: nothing but calls. The optimiser removes it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

use crate::attempt::Attempted;
use crate::callback::{Awaited, no_tokens};
use crate::data::Data;
use crate::definition::State;
use crate::engine::{Engine, Limits, Until};
use crate::error::{ErrorOutput, Failed};
use crate::event::{Assigned, Event, Parent, Payload, Scope};
use crate::execution::{Execution, ExecutionError, Identity};
use crate::listener::{Listener, Silent, Telling, Tells};
use crate::machine::{Entry, Machine, NestedError, Start, Workflow};
use crate::task::{Attempt, Heartbeat, Resources, Supplies, Task, Visit};
use crate::task_token::{TaskToken, TaskTokenKey, TaskTokens};

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
    home: Home<T>,
    name: Option<String>,
    identity: Option<Identity>,
}

/// What all executions of an engine share.
#[derive(Debug, Clone)]
struct Home<T> {
    tells: T,
    tokens: Option<TaskTokens>,
}

/// Nobody listens, and no task token is waited for.
static QUIET: Home<Silent> = Home { tells: Silent, tokens: None };

impl<R: Copy> InProcess<R> {
    /// Makes an engine that hands `resources` to the tasks: a reference, or `()` where they need nothing.
    #[must_use]
    pub const fn new(resources: R) -> Self {
        let home = Home { tells: Silent, tokens: None };
        Self { resources, home, name: None, identity: None }
    }

    /// Has a listener hear of what happens. A pair of listeners is a listener.
    #[must_use]
    pub fn listener<L: Listener>(self, listener: L) -> InProcess<R, Telling<L>> {
        let Self { resources, home, name, identity } = self;
        let home = Home { tells: Telling(listener), tokens: home.tokens };
        InProcess { resources, home, name, identity }
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

    /// Has states that wait for a task token wait for one of these. Without them, such a state fails.
    #[must_use]
    pub fn task_tokens(self, tokens: TaskTokens) -> Self {
        Self { home: Home { tokens: Some(tokens), ..self.home }, ..self }
    }

    /// Runs a workflow to its end.
    ///
    /// # Errors
    ///
    /// What the execution failed with: an error that no retrier and no catcher took, a Fail state, a timeout.
    #[inline]
    pub fn run<'a, W: Workflow>(
        &'a self,
        input: W::Input,
    ) -> impl Future<Output = Result<W::Output, ExecutionError>> + Send
    where
        R: Supplies<'a, W::Resources>,
        T: 'a,
    {
        let Self { resources, home, name, identity } = self;
        let make = move || {
            let execution = match name {
                None => Execution::new(W::DEFINITION),
                Some(name) => Execution::named(W::DEFINITION, name.clone()),
            };
            match identity {
                None => execution,
                Some(identity) => execution.with_identity(identity.clone()),
            }
        };
        let begin = |execution: &Execution, input: &W::Input| {
            home.tells.tell(&T::outermost(), |_| started(execution, None, input));
        };
        let resources = Supplies::<'a, W::Resources>::supply(*resources);
        execute::<W, T, _>(make, home, resources, input, begin, ended)
    }
}

/// Runs an execution to its end, and makes something of that.
#[inline]
#[expect(clippy::manual_async_fn, reason = "an async function holds its arguments twice")]
fn execute<W: Workflow, T: Tells, R>(
    make: impl FnOnce() -> Execution + Send,
    home: &Home<T>,
    resources: <W::Resources as Resources>::Ref<'_>,
    input: W::Input,
    begin: impl FnOnce(&Execution, &W::Input) + Send,
    end: impl FnOnce(&Execution, Result<W::Output, Failed>) -> R + Send,
) -> impl Future<Output = R> + Send {
    async move {
        // Made here, so that it is not moved.
        let execution = make();
        begin(&execution, &input);
        let running = Running { execution: &execution, home, scope: T::outermost() };
        let watch = home.tells.watch(&execution);
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
    home: &'a Home<T>,
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
        self.home.tells.tell(&self.scope, event);
    }

    /// The task token of an attempt, where the state waits for one and there are some.
    fn waits_for<K: Task>(&self, visit: Visit) -> Option<(&'r TaskTokenKey, TaskToken)> {
        K::AWAITS.and_then(|_| self.token(visit).ok())
    }

    fn token(&self, visit: Visit) -> Result<(&'r TaskTokenKey, TaskToken), Failed> {
        let tokens = self.home.tokens.as_ref().ok_or_else(no_tokens)?;
        let execution = self.execution.token_number(tokens);
        Ok((tokens.key(), TaskToken { execution, visit }))
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
    fn forked(&self, state: &'static State, branches: usize) {
        let execution = self.execution;
        self.tell(|scope| Event::BranchesStarted { execution, scope, state, branches });
    }

    #[inline]
    fn joined(&self, state: &'static State, error: Option<&ErrorOutput>) {
        let execution = self.execution;
        self.tell(|scope| Event::branches_ended(execution, scope, state, error));
    }

    #[inline]
    fn assigned<M: Machine>(
        &self,
        state: &'static State,
        names: &'static [&'static str],
        variables: &M::Variables,
    ) {
        let execution = self.execution;
        self.tell(|scope| {
            let variables = Assigned::new(names, variables);
            Event::VariablesAssigned { execution, scope, state, variables }
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
            limits: Limits::default(),
        });
        let task_token = self.waits_for::<K>(visit);
        let attempt = Attempt { execution, state, visit, heartbeat: None, task_token };
        let kept = T::keep((self, state, visit));
        Attempted::new(K::invoke(self, resources, attempt, input), move |result| {
            if let Some((running, state, visit)) = T::kept(kept) {
                running.attempted(state, visit, &result);
            }
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
            limits,
        });
        let heartbeat = limits.heartbeat.map(|_| Heartbeat::default());
        let (heartbeat, task_token) = (heartbeat.as_ref(), self.waits_for::<K>(visit));
        let attempt = Attempt { execution, state, visit, heartbeat, task_token };
        let call = K::invoke(self, resources, attempt, input);
        let result = limits.hold(heartbeat, call).await;
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

    fn task_token(&self, visit: Visit) -> Result<String, Failed> {
        self.token(visit).map(|(key, token)| key.seal(token))
    }

    async fn callback<S: Data, O: Data>(
        &self,
        attempt: Attempt<'_>,
        call: impl Future<Output = Result<S, Failed>> + Send,
    ) -> Result<O, Failed> {
        let tokens = self.home.tokens.as_ref().ok_or_else(no_tokens)?;
        let (_, token) = self.token(attempt.visit)?;
        let mut waited = tokens.wait(token, Awaited::of::<O>(), attempt.heartbeat.cloned());
        match call.await {
            Ok(output) => self.tell(|scope| Event::TaskSubmitted {
                execution: self.execution,
                scope,
                state: attempt.state,
                visit: attempt.visit,
                output: Payload::new(&output),
            }),
            Err(error) if !waited.has_come() => return Err(error),
            Err(_) => {}
        }
        let output = waited.outcome().await?;
        serde_json::from_str(&output).map_err(|error| ErrorOutput::runtime(error.to_string()))
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
        let execution = self.execution;
        let branch = Self { scope: T::inner(&self.scope, execution, state, index), ..*self };
        branch.tell(|scope| Event::BranchStarted { execution, scope });
        let run = M::run(branch.clone(), resources, variables, entry);
        Attempted::new(run, move |result: Result<M::Output, Failed>| {
            branch.tell(|scope| Event::branch_ended(execution, scope, &result));
            result
        })
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
        let nested: Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + '_>> = Box::pin(
            execute::<W, T, _>(move || execution, self.home, resources, input, begin, end),
        );
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
    let make = || Execution::new(W::DEFINITION);
    let end = |_: &Execution, result: Result<_, Failed>| result.map_err(NestedError::from);
    execute::<W, Silent, _>(make, &QUIET, resources, input, |_, _| {}, end)
}

/// Runs a workflow without a name and without a listener.
#[doc(hidden)]
#[inline]
pub fn run<'a, W: Workflow, R: Supplies<'a, W::Resources>>(
    resources: R,
    input: W::Input,
) -> impl Future<Output = Result<W::Output, ExecutionError>> + Send + 'a {
    let make = || Execution::new(W::DEFINITION);
    execute::<W, Silent, _>(make, &QUIET, resources.supply(), input, |_, _| {}, ended)
}
