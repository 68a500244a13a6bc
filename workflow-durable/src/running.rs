//! A machine while it runs, as its engine: what the machine says is noted, and made durable before anything is done that can be
//! seen from outside.

mod attempt;
mod machine;
mod payload;
mod told;

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use workflow_core::definition::State;
use workflow_core::{
    Assigned, Attempt, Branch, Data, Engine, Entry, ErrorOutput, Event as Told, Execution, Json,
    Limits, Machine, Payload, Resources, Retries, Start, Task, Timestamp, Until, Visit, Workflow,
};

use crate::entry::{self, Event, Failure, Kind, Text, milliseconds, timestamp};
use crate::progress;
use crate::run::{Noted, Run};
use told::Started;

type Failed = Box<ErrorOutput>;

/// A machine of an execution: what its states are given as their engine.
#[derive(Clone)]
pub(crate) struct Running {
    run: Arc<Run>,
    /// The execution, or one that is nested in it.
    execution: Arc<Execution>,
    scope: u32,
    /// The branch that it is, for a listener.
    branch: Option<Branch>,
}

impl Running {
    /// The outermost machine of an execution.
    pub(crate) const fn new(run: Arc<Run>, execution: Arc<Execution>) -> Self {
        Self { run, execution, scope: 0, branch: None }
    }

    /// Leaves the execution as it is, since what is stored of it does not fit its workflow: whoever drives it drops it.
    pub(crate) async fn does_not_fit<T>(&self, why: impl Into<String>) -> T {
        self.run.noted().does_not_fit(why.into());
        pending().await
    }

    /// Reads what is stored.
    async fn read<T: DeserializeOwned>(&self, text: &Text) -> T {
        match serde_json::from_str(text.as_str()) {
            Ok(read) => read,
            Err(error) => {
                self.does_not_fit(format!("a result that is stored does not fit: {error}")).await
            }
        }
    }

    fn note(&self, noted: &mut Noted, event: Event) {
        let time = noted.time(&event, || self.execution.now_millisecond());
        let entry = entry::Entry { time, scope: self.scope, event };
        noted.note(entry, self.run.common.event_limit);
    }

    /// Reads something of the visit to a state.
    fn visited<T>(&self, look: impl FnOnce(&progress::Visit) -> T) -> Option<T> {
        self.run.noted().scope(self.scope).and_then(|scope| scope.visit.as_ref()).map(look)
    }

    async fn sleep_until(&self, time: i64) {
        tokio::time::sleep(self.execution.time_until(timestamp(time))).await;
    }

    fn note_forked(&self, state: &'static State, branches: usize) {
        let branches = u32::try_from(branches).unwrap_or(u32::MAX);
        if let Some(forked) = self.visited(progress::Visit::forked).flatten() {
            if forked != branches {
                let why = format!(
                    "state `{}` began {forked} branches or items, and has {branches} now",
                    state.name
                );
                self.run.noted().does_not_fit(why);
            }
            return;
        }
        let is_distributed = state.is_distributed();
        self.note(&mut self.run.noted(), Event::Forked { branches, is_distributed });
    }

    fn note_joined(&self, error: Option<&ErrorOutput>) {
        let event = Event::Joined(error.map(Failure::from));
        self.note(&mut self.run.noted(), event);
    }

    /// The number of a branch, which begins unless it has.
    fn begin_branch(&self, index: usize) -> u32 {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let known = self.visited(|visit| visit.branches.as_ref()?.get(&index).copied());
        known.flatten().unwrap_or_else(|| {
            let mut noted = self.run.noted();
            let number = noted.progress.next_branch();
            self.note(&mut noted, Event::BranchStarted { index });
            number
        })
    }

    /// Runs a branch, unless it has ended.
    #[expect(clippy::manual_async_fn, reason = "an async function holds its arguments twice")]
    fn run_branch<M: Machine, S: Entry<M>>(
        &self,
        timeout: Option<Duration>,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> impl Future<Output = Result<M::Output, Failed>> + Send {
        async move {
            let known = {
                let noted = self.run.noted();
                noted.scope(self.scope).and_then(|scope| scope.outcome.clone())
            };
            match known {
                None => {}
                Some(Ok(output)) => return Ok(self.read(&output).await),
                Some(Err(failure)) => return Err(failure.output()),
            }
            let machine = self.clone().machine::<M, S>(resources, variables, entry);
            let result = self.within(timeout, machine).await;
            self.note_branch_end(&result);
            result
        }
    }

    fn note_branch_end<O: Data>(&self, result: &Result<O, Failed>) {
        match result {
            Ok(output) => {
                self.note_payload(output, |_, output| Event::BranchSucceeded { output });
            }
            Err(error) => {
                let event = Event::BranchFailed(Failure::from(&**error));
                self.note(&mut self.run.noted(), event);
            }
        }
    }
}

impl Engine for Running {
    fn execution(&self) -> &Execution {
        &self.execution
    }

    fn entered<M: Machine, I: Data>(
        &self,
        state: &'static State,
        input: &I,
        variables: &M::Variables,
    ) {
        self.tell(|scope| Told::StateEntered {
            execution: &self.execution,
            scope,
            state,
            input: Payload::new(input),
        });
        if self.run.noted().resumed.remove(&self.scope) {
            return;
        }
        // A machine without variables has none to write.
        let has_variables = size_of::<M::Variables>() > 0;
        let variables = match has_variables.then(|| Text::of(variables)).transpose() {
            Ok(variables) => variables,
            Err(error) => return self.has_no_json(&error),
        };
        self.note_payload(input, |noted, input| {
            let known = noted.scope(self.scope).and_then(|scope| scope.variables.as_ref());
            let variables = variables.filter(|variables| known != Some(variables));
            Event::StateEntered {
                state: state.name.into(),
                kind: Kind::of(state),
                input,
                variables,
            }
        });
    }

    fn entered_time(&self) -> Timestamp {
        let entered = self.visited(|visit| timestamp(visit.entered));
        entered.unwrap_or_else(|| self.execution.now())
    }

    fn pause<M: Machine>(
        &self,
        next: &M::State,
        variables: &M::Variables,
    ) -> impl Future<Output = ()> + Send {
        // Between two states nothing says where to go on from, so the next one is entered before.
        if let Some((state, input)) = next_state::<M>(next) {
            self.entered::<M, Json>(state, &input, variables);
            self.run.noted().resumed.insert(self.scope);
        }
        tokio::task::yield_now()
    }

    fn visit(&self, _: &'static State) -> Visit {
        let begun = self.visited(|visit| {
            Visit::first(visit.number).with_retry_count(visit.granted.iter().sum())
        });
        begun.unwrap_or(Visit::first(0))
    }

    fn retries(&self, state: &'static State) -> Option<Box<Retries>> {
        let granted = self.visited(|visit| visit.granted.clone())?;
        (!granted.is_empty()).then(|| Box::new(Retries::resumed(state.retry(), granted)))
    }

    fn forked(&self, state: &'static State, branches: usize) {
        let execution = &*self.execution;
        self.tell(|scope| Told::BranchesStarted { execution, scope, state, branches });
        self.note_forked(state, branches);
    }

    fn joined(&self, state: &'static State, error: Option<&ErrorOutput>) {
        let execution = &*self.execution;
        self.tell(|scope| Told::branches_ended(execution, scope, state, error));
        self.note_joined(error);
    }

    fn assigned<M: Machine>(
        &self,
        state: &'static State,
        names: &'static [&'static str],
        variables: &M::Variables,
    ) {
        let assigned = Assigned::new(names, variables);
        let execution = &*self.execution;
        self.tell(|scope| {
            let variables = assigned;
            Told::VariablesAssigned { execution, scope, state, variables }
        });
        // What cannot be written fails here, and not only when the state is left: one that is redriven goes on in it.
        match Text::of(variables).and_then(|_| Text::of(&assigned.to_json())) {
            Ok(assigned) => drop(self.run.noted().assigned.insert(self.scope, assigned)),
            Err(error) => self.has_no_json(&error),
        }
    }

    fn exited<O: Data>(&self, state: &'static State, output: &O) {
        self.tell(|scope| Told::StateExited {
            execution: &self.execution,
            scope,
            state,
            output: Payload::new(output),
        });
        self.note_payload(output, |noted, output| {
            let assigned = noted.assigned.remove(&self.scope);
            Event::StateExited { output, assigned }
        });
    }

    fn caught(&self, state: &'static State, error: &ErrorOutput, next: &'static State) {
        let execution = &*self.execution;
        self.tell(|scope| Told::ErrorCaught { execution, scope, state, error, next });
    }

    fn attempt<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send {
        self.try_task::<T>(state, visit, None, resources, input)
    }

    fn attempt_within<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        limits: Limits,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send {
        self.try_task::<T>(state, visit, Some(limits), resources, input)
    }

    async fn back_off(
        &self,
        state: &'static State,
        visit: Visit,
        error: &ErrorOutput,
        delay: Duration,
    ) {
        let execution = &*self.execution;
        self.tell(|scope| Told::RetryScheduled { execution, scope, state, visit, error, delay });
        let takes = |retrier: &workflow_core::Retrier| error.is_one_of(retrier.error_equals);
        let retrier = state.retry().iter().position(takes).unwrap_or_default();
        let at = self.execution.now().saturating_add(delay);
        let at = at.map_or(i64::MAX, milliseconds);
        let retrier = u32::try_from(retrier).unwrap_or(u32::MAX);
        self.note(&mut self.run.noted(), Event::RetryGranted { retrier, at });
        self.run.committed().await;
        self.sleep_until(at).await;
    }

    async fn wait(&self, _: &'static State, until: Until) -> Result<(), Failed> {
        let begun = self.visited(|visit| visit.waits_until).flatten();
        let until = match (begun, until) {
            (Some(until), _) => until,
            (None, until) => {
                let until = match until {
                    Until::At(time) => milliseconds(time),
                    Until::After(duration) => {
                        let end = self.execution.now().saturating_add(duration);
                        end.map_or(i64::MAX, milliseconds)
                    }
                };
                self.note(&mut self.run.noted(), Event::WaitStarted { until });
                self.run.committed().await;
                until
            }
        };
        self.sleep_until(until).await;
        Ok(())
    }

    fn task_token(&self, visit: Visit) -> Result<String, Failed> {
        let (key, token) = self.token(visit);
        Ok(key.seal(token))
    }

    async fn callback<S: Data, O: Data>(
        &self,
        attempt: Attempt<'_>,
        call: impl Future<Output = Result<S, Failed>> + Send,
    ) -> Result<O, Failed> {
        let is_called = || self.attempt_under_way().is_some_and(|under_way| under_way.is_called());
        if !is_called() {
            match call.await {
                Ok(output) => {
                    self.tell(|scope| Told::TaskSubmitted {
                        execution: &self.execution,
                        scope,
                        state: attempt.state,
                        visit: attempt.visit,
                        output: Payload::new(&output),
                    });
                    self.note_result(attempt.state, &output, |output| Event::TaskSubmitted {
                        output,
                    })?;
                }
                Err(error) if !is_called() => return Err(error),
                Err(_) => {}
            }
        }
        let _aside = self.run.common.under_way.aside();
        let output = self.run.callback(self.scope).await.map_err(|failure| failure.output())?;
        Ok(self.read(&output).await)
    }

    async fn branch<M: Machine, S: Entry<M>>(
        &self,
        state: &'static State,
        index: usize,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> Result<M::Output, Failed> {
        self.wait_for_next_attempt().await;
        let scope = self.begin_branch(index);
        let branch = self.told_branch(scope, state, index);
        let branch = Self { scope, branch, ..self.clone() };
        // Boxed, so that the future of an execution does not grow with each machine inside of a machine, nor does its type.
        let run: Pin<Box<dyn Future<Output = Result<M::Output, Failed>> + Send + '_>> =
            Box::pin(branch.run_branch::<M, S>(None, resources, variables, entry));
        branch.tell_branch(run).await
    }

    async fn nested<W: Workflow>(
        &self,
        state: &'static State,
        resources: <W::Resources as Resources>::Ref<'_>,
        input: W::Input,
    ) -> Result<W::Output, Failed> {
        self.note_forked(state, 1);
        let scope = self.begin_branch(0);
        let started = {
            let noted = self.run.noted();
            noted.scope(scope).map_or(0, |scope| scope.started)
        };
        let name = format!("{}:{scope}", self.execution.name());
        let execution = self.execution.nested(W::DEFINITION)?.with_name(name);
        let now = self.execution.now();
        let execution = Arc::new(execution.with_clock(timestamp(started), now));
        let variables = W::variables(&execution, &input);
        let nested = Self { run: Arc::clone(&self.run), execution, scope, branch: None };
        nested.tell_start(Some((self, state)), &input);
        // Boxed, so that a workflow that calls itself has a future of finite size.
        let run: Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + '_>> =
            Box::pin(nested.run_branch::<W, _>(
                W::DEFINITION.timeout,
                resources,
                variables,
                Start::<W>(input),
            ));
        let _aside = self.run.common.under_way.aside();
        let mut told = Started::of(&nested);
        let result = run.await;
        told.ended(&result);
        self.note_joined(result.as_ref().err().map(|error| &**error));
        result
    }
}

/// The state that a machine is about to enter, and its input.
fn next_state<M: Machine>(next: &M::State) -> Option<(&'static State, Json)> {
    let saved = serde_json::to_value(next).ok()?;
    let (name, input): (String, Json) = serde_json::from_value(saved).ok()?;
    let state = M::STATES.states.iter().find(|state| state.name == name)?;
    Some((state, input))
}
