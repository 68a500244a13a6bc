//! What differs between the homes of a workflow: how a task is run, how time passes, how a branch is opened.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;

use crate::data::{Data, Json};
use crate::definition::State;
use crate::error::{ErrorOutput, Failed};
use crate::execution::Execution;
use crate::fit::to_json;
use crate::machine::{Entry, Machine, Workflow};
use crate::task::{Resources, Task, Visit};

/// An engine: what a [`Machine`] runs on. Implement it to run workflows elsewhere than in the process.
///
/// A value of it is a handle to one execution, or to one branch of it, and cheap to clone.
///
/// # Contract
///
/// - `entered`, `exited` and `caught` say what has been decided and return at once; an engine that keeps a journal
///   queues them there, and makes them durable before the next effect: before it calls a task, waits, or ends.
/// - `attempt` runs a task once. The retriers of the state are asked by the machine, which then calls `back_off`.
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

/// Until when a Wait state waits.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// For a duration from now.
    After(Duration),
    /// Until a time; not at all when it is past.
    At(Timestamp),
}

/// Runs the item processor of a Map state for each item, a number of them at a time; the first failure ends it.
///
/// AWS runs at most 40 items of an inline Map at a time, so 0, which sets no limit, means that.
#[doc(hidden)]
pub async fn map<I, O, F: Future<Output = Result<O, Failed>>>(
    items: Vec<I>,
    most: u32,
    mut run: impl FnMut(usize, I) -> F,
) -> Result<Vec<O>, Failed> {
    const MOST: usize = 40;
    let most = usize::try_from(most).ok().filter(|most| (1..MOST).contains(most)).unwrap_or(MOST);
    let mut waiting = items.into_iter().enumerate();
    let mut outputs: Vec<Option<O>> = Vec::new();
    outputs.resize_with(waiting.len(), || None);
    let mut running = FuturesUnordered::new();
    let mut start = |(index, item)| {
        let run = run(index, item);
        async move { (index, run.await) }
    };
    running.extend(waiting.by_ref().take(most).map(&mut start));
    while let Some((index, result)) = running.next().await {
        outputs[index] = Some(result?);
        running.extend(waiting.next().map(&mut start));
    }
    Ok(outputs.into_iter().flatten().collect())
}

/// How many failures of items a Map state tolerates: 0 sets no limit of its kind.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// ASL's `ToleratedFailureCount`.
    pub count: u32,
    /// ASL's `ToleratedFailurePercentage`.
    pub percentage: f64,
}

impl Tolerance {
    /// Whether a number of failures among all items is too many.
    fn is_exceeded(self, failures: usize, all: usize) -> bool {
        let Self { count, percentage } = self;
        let counts = count > 0 && failures > usize::try_from(count).unwrap_or(usize::MAX);
        let share = failures as f64 * 100.0 / all as f64;
        let none = count == 0 && percentage == 0.0;
        failures > 0 && (none || counts || percentage > 0.0 && share > percentage)
    }
}

/// Runs the item processor of a Map state for each item as [`map`] does, and tolerates failures of some.
#[doc(hidden)]
pub async fn map_tolerating<I, O: Data, F: Future<Output = Result<O, Failed>>>(
    items: Vec<I>,
    most: u32,
    tolerance: Tolerance,
    mut run: impl FnMut(usize, I) -> F,
) -> Result<Json, Failed> {
    let (all, failures) = (items.len(), AtomicUsize::new(0));
    let failures = &failures;
    let outputs = map(items, most, |index, item| {
        let run = run(index, item);
        async move {
            let error = match run.await {
                Ok(output) => return to_json(&output),
                Err(error) => error,
            };
            let count = failures.fetch_add(1, Ordering::Relaxed) + 1;
            if tolerance.is_exceeded(count, all) {
                return Err(ErrorOutput::new(
                    "States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded",
                ));
            }
            Ok(
                serde_json::json!({ "Status": "FAILED", "Error": error.error, "Cause": error.cause }),
            )
        }
    });
    Ok(Json::Array(outputs.await?))
}
