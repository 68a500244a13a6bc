//! What differs between the homes of a workflow: how a task is run, how time passes, how a branch is opened.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use crate::callback::no_tokens;
use crate::data::Data;
use crate::definition::State;
use crate::error::{ErrorOutput, Failed, STATES_HEARTBEAT_TIMEOUT, STATES_TIMEOUT};
use crate::execution::Execution;
use crate::machine::{Entry, Machine, Workflow};
use crate::retry::Retries;
use crate::task::{Attempt, Heartbeat, Resources, Task, Visit};

/// An engine: what a [`Machine`] runs on. Implement it to run workflows elsewhere than in the process.
///
/// A value of it is a handle to one execution, or to one branch of it, and cheap to clone.
///
/// # Contract
///
/// - `entered`, `exited` and `caught` say what has been decided and return at once; an engine that keeps a journal
///   queues them there, and makes them durable before the next effect: before it calls a task, waits, or ends.
/// - `attempt` runs a task once. The retriers of the state are asked by the machine, which then calls `back_off`.
/// - A machine that is resumed enters its state again. An engine that kept the visit says so by `visit` and `retries`, answers
///   `attempt` and `branch` with the outcomes that it kept, and takes no notice of what it has noted before.
/// - A future that is dropped is cancelled: nothing of it may go on.
pub trait Engine: Clone + Send + Sync {
    /// Returns the execution that runs.
    fn execution(&self) -> &Execution;

    /// A state is entered with its raw input and the variables of its machine: together they are a checkpoint.
    fn entered<M: Machine, I: Data>(
        &self,
        state: &'static State,
        input: &I,
        variables: &M::Variables,
    );

    /// Returns when the state was entered: ASL's `$$.State.EnteredTime`. It is asked for right after.
    #[inline]
    fn entered_time(&self) -> Timestamp {
        self.execution().now()
    }

    /// Hands control back once, between two states, so that a loop of states that never wait can be cancelled. The next state is
    /// entered after that: an engine that may end here notes it before.
    fn pause<M: Machine>(
        &self,
        next: &M::State,
        variables: &M::Variables,
    ) -> impl Future<Output = ()> + Send {
        let _ = (next, variables);
        crate::breath::pause()
    }

    /// Begins a visit to a state: a new one, or one that was interrupted and goes on.
    #[inline]
    fn visit(&self, state: &'static State) -> Visit {
        let _ = state;
        Visit::first(self.execution().count_visit())
    }

    /// Returns what the retriers of a state have granted before the visit was interrupted; `None` for a new visit.
    #[inline]
    fn retries(&self, state: &'static State) -> Option<Box<Retries>> {
        let _ = state;
        None
    }

    /// A Parallel or a Map state begins an attempt at its branches, or at so many items.
    #[inline]
    fn forked(&self, state: &'static State, branches: usize) {
        let _ = (state, branches);
    }

    /// The attempt has ended: all branches and items have succeeded, or one has failed.
    #[inline]
    fn joined(&self, state: &'static State, error: Option<&ErrorOutput>) {
        let _ = (state, error);
    }

    /// A state has assigned variables. It is left next.
    #[inline]
    fn assigned<M: Machine>(
        &self,
        state: &'static State,
        names: &'static [&'static str],
        variables: &M::Variables,
    ) {
        let _ = (state, names, variables);
    }

    /// A state is left with its effective output.
    fn exited<O: Data>(&self, state: &'static State, output: &O);

    /// A catcher took an error of a state, and goes on at the next one.
    fn caught(&self, state: &'static State, error: &ErrorOutput, next: &'static State);

    /// Runs a task once.
    fn attempt<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send;

    /// Runs a task once, within limits of time.
    fn attempt_within<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        limits: Limits,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send;

    /// Waits before the next attempt, after one that failed.
    fn back_off(
        &self,
        state: &'static State,
        visit: Visit,
        error: &ErrorOutput,
        delay: Duration,
    ) -> impl Future<Output = ()> + Send;

    /// Waits in a Wait state.
    fn wait(
        &self,
        state: &'static State,
        until: Until,
    ) -> impl Future<Output = Result<(), Failed>> + Send;

    /// Returns the task token of an attempt: ASL's `$$.Task.Token`.
    ///
    /// # Errors
    ///
    /// `States.Runtime` on an engine that has no task tokens.
    fn task_token(&self, visit: Visit) -> Result<String, Failed> {
        let _ = visit;
        Err(no_tokens())
    }

    /// Awaits the call of a task that waits for its task token, and then whoever sends the token back. An outcome that is sent while the
    /// call is under way is the outcome once the call has ended, however it ends.
    ///
    /// An engine that keeps a journal and goes on with an attempt whose call has ended, or that has an outcome, does not begin the call. On
    /// one that has no task tokens the attempt fails.
    fn callback<S: Data, O: Data>(
        &self,
        attempt: Attempt<'_>,
        call: impl Future<Output = Result<S, Failed>> + Send,
    ) -> impl Future<Output = Result<O, Failed>> + Send {
        let _ = (attempt, call);
        std::future::ready(Err(no_tokens()))
    }

    /// Runs one branch of a Parallel state, or the item processor of a Map state for one item.
    fn branch<M: Machine, S: Entry<M>>(
        &self,
        state: &'static State,
        index: usize,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> impl Future<Output = Result<M::Output, Failed>> + Send;

    /// Runs another workflow as a task of this one, which a state calls.
    fn nested<W: Workflow>(
        &self,
        state: &'static State,
        resources: <W::Resources as Resources>::Ref<'_>,
        input: W::Input,
    ) -> impl Future<Output = Result<W::Output, Failed>> + Send;
}

/// The limits of time of one attempt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// How long it may take: ASL's `TimeoutSeconds`.
    pub timeout: Option<Duration>,
    /// How long it may be silent: ASL's `HeartbeatSeconds`.
    pub heartbeat: Option<Duration>,
}

impl Limits {
    /// Awaits a call until it is over its limits: its timeout, or the time after its last heartbeat.
    ///
    /// # Errors
    ///
    /// That of the call; `States.Timeout` or `States.HeartbeatTimeout` when it is over them, and the call is dropped.
    pub async fn hold<O>(
        self,
        heartbeat: Option<&Heartbeat>,
        call: impl Future<Output = Result<O, Failed>>,
    ) -> Result<O, Failed> {
        let mut call = pin!(call);
        let end = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let last = heartbeat.map_or_else(Instant::now, Heartbeat::last);
            let silent = self.heartbeat.and_then(|interval| last.checked_add(interval));
            let (deadline, error) = match (end, silent) {
                (None, None) => return call.await,
                (Some(end), Some(silent)) if silent < end => (silent, STATES_HEARTBEAT_TIMEOUT),
                (Some(end), _) => (end, STATES_TIMEOUT),
                (None, Some(silent)) => (silent, STATES_HEARTBEAT_TIMEOUT),
            };
            let Some(heartbeat) = heartbeat else {
                return timeout_at(deadline, call)
                    .await
                    .unwrap_or_else(|_| Err(ErrorOutput::new(error, "")));
            };
            match timeout_at(deadline, select(&mut call, pin!(heartbeat.next()))).await {
                Ok(Either::Left((result, _))) => return result,
                Ok(Either::Right(_)) => {}
                Err(_) => return Err(ErrorOutput::new(error, "")),
            }
        }
    }
}

/// Until when a Wait state waits.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// For a duration from now.
    After(Duration),
    /// Until a time; not at all when it is past.
    At(Timestamp),
}
