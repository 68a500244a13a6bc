//! The engine: workflows that are registered, executions that are started, found, stopped, and go on after a crash.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use workflow_core::{ErrorOutput, Execution, Start, Supplies, Timestamp, Workflow};

use crate::entry::{Entry, Event, Failure, Text, decode, encode, milliseconds, timestamp};
use crate::error::Error;
use crate::journal::Journal;
use crate::progress::{Outcome, Progress};
use crate::running::{Run, Running};
use crate::store::{Record, Store, StoreError};

type Driven = Pin<Box<dyn Future<Output = Result<Text, Box<ErrorOutput>>> + Send>>;

/// A workflow that executions can be started of: how one is driven from where it is, at a time.
type Driver = Arc<dyn Fn(Arc<Run>, Timestamp) -> Driven + Send + Sync>;

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Registers workflows, and opens an engine for them.
pub struct Builder {
    store: Arc<dyn Store>,
    workflows: BTreeMap<&'static str, Driver>,
    clock: Clock,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("workflows", &self.workflows.keys()).finish_non_exhaustive()
    }
}

impl Builder {
    /// Registers a workflow, and what its tasks are handed.
    #[must_use]
    pub fn workflow<W: Workflow, R>(mut self, resources: Arc<R>) -> Self
    where
        R: Send + Sync + 'static,
        for<'r> &'r R: Supplies<'r, W::Resources>,
    {
        let driver: Driver = Arc::new(move |run, now| {
            let resources = Arc::clone(&resources);
            Box::pin(async move { drive::<W, R>(run, now, &*resources).await })
        });
        self.workflows.insert(W::DEFINITION.name, driver);
        self
    }

    /// Has the engine read the time from a function, for tests that pause the clock. Without it, it is the system's.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Opens the store, and goes on with every execution in it that has not ended.
    ///
    /// It runs on the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds what it never wrote.
    pub fn open(self) -> Result<Durable, Error> {
        let mut known: BTreeMap<u64, Progress> = BTreeMap::new();
        self.store.scan(&mut |Record { execution, bytes }| {
            for entry in decode(&bytes)? {
                match known.get_mut(&execution) {
                    Some(progress) => progress.apply(&entry)?,
                    None => drop(known.insert(execution, Progress::begin(&entry)?)),
                }
            }
            Ok(())
        })?;
        let next = known.keys().next_back().map_or(1, |last| last + 1);
        let engine = Arc::new(Inner {
            journal: Journal::new(self.store),
            workflows: self.workflows,
            clock: self.clock,
            executions: Mutex::new(Executions { next, ..Executions::default() }),
        });
        for (number, progress) in known {
            engine.restore(number, progress);
        }
        Ok(Durable { engine })
    }
}

/// Runs a workflow from where its execution is, to its end.
async fn drive<W: Workflow, R>(
    run: Arc<Run>,
    now: Timestamp,
    resources: &R,
) -> Result<Text, Box<ErrorOutput>>
where
    for<'r> &'r R: Supplies<'r, W::Resources>,
{
    let progress = run.progress();
    let fits = |error: serde_json::Error| {
        let cause = format!("the stored input does not fit the workflow: {error}");
        ErrorOutput::new("States.Runtime", cause)
    };
    let input: W::Input = serde_json::from_str(progress.input.as_str()).map_err(fits)?;
    let started = timestamp(progress.started);
    let execution = Execution::named(W::DEFINITION, progress.name).with_clock(started, now);
    let variables = W::variables(&execution, &input);
    let left = W::DEFINITION.timeout.map(|timeout| {
        let end = started.saturating_add(timeout).unwrap_or(Timestamp::MAX);
        Duration::try_from(execution.now().until(end).unwrap_or_default()).unwrap_or_default()
    });
    let running = Running::new(run, Arc::new(execution));
    let machine = running.machine::<W, _>(resources.supply(), variables, Start::<W>(input));
    let output = match left {
        None => machine.await?,
        Some(left) => tokio::time::timeout(left, machine).await.unwrap_or_else(|_| {
            Err(ErrorOutput::new("States.Timeout", "the execution took longer than its timeout"))
        })?,
    };
    Text::of(&output).map_err(fits)
}

/// A durable engine. A clone is a handle to the same one.
#[derive(Clone)]
pub struct Durable {
    engine: Arc<Inner>,
}

impl fmt::Debug for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Durable")
            .field("workflows", &self.engine.workflows.keys())
            .finish_non_exhaustive()
    }
}

struct Inner {
    journal: Arc<Journal>,
    workflows: BTreeMap<&'static str, Driver>,
    clock: Clock,
    executions: Mutex<Executions>,
}

#[derive(Default)]
struct Executions {
    by_id: BTreeMap<String, Known>,
    /// The number of the next execution.
    next: u64,
}

/// An execution that the engine knows.
struct Known {
    number: u64,
    input: Text,
    started: i64,
    state: watch::Receiver<State>,
    /// How it is kept from going on.
    abort: Option<AbortHandle>,
    run: Option<Arc<Run>>,
}

/// How an execution stands, as those see it who wait for it.
#[derive(Debug, Clone)]
enum State {
    Running,
    Ended { outcome: Outcome, time: i64 },
    Broken(StoreError),
}

impl Durable {
    /// Registers workflows for an engine on a store.
    #[must_use]
    pub fn builder(store: impl Store) -> Builder {
        let clock = || Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
        Builder { store: Arc::new(store), workflows: BTreeMap::new(), clock: Arc::new(clock) }
    }

    /// Starts an execution. When this returns, it is in the store, and runs to its end whatever happens to the process.
    ///
    /// A name is unique among the executions of a workflow. One that runs with the same name and the same input is the one that
    /// is given back.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`], [`Error::ExecutionAlreadyExists`], [`Error::StateMachineDoesNotExist`], and [`Error::Store`] when it
    /// may not be durable.
    pub async fn start<W: Workflow>(&self, name: &str, input: &W::Input) -> Result<Handle, Error> {
        let input =
            Text::of(input).map_err(|error| Error::InvalidExecutionInput(error.to_string()))?;
        self.engine.start(W::DEFINITION.name, name, input).await
    }

    /// Finds an execution by its id: the names of the workflow and of the execution, with a colon between.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionDoesNotExist`].
    pub fn execution(&self, id: &str) -> Result<Handle, Error> {
        let executions = self.engine.executions();
        match executions.by_id.get(id) {
            Some(known) => Ok(self.engine.handle(id, known)),
            None => Err(Error::ExecutionDoesNotExist { id: id.to_owned() }),
        }
    }

    /// Describes all executions, by id.
    #[must_use]
    pub fn list(&self) -> Vec<Description> {
        let executions = self.engine.executions();
        executions.by_id.iter().map(|(id, known)| known.describe(id)).collect()
    }

    /// Ends the engine. Executions that run stop where they are, and go on when the store is opened again.
    pub fn close(&self) {
        for known in self.engine.executions().by_id.values() {
            known.abort.iter().for_each(AbortHandle::abort);
        }
        self.engine.journal.close();
    }
}

impl Inner {
    fn executions(&self) -> MutexGuard<'_, Executions> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn start(
        self: &Arc<Self>,
        workflow: &'static str,
        name: &str,
        input: Text,
    ) -> Result<Handle, Error> {
        if !is_name(name) {
            return Err(Error::InvalidName { name: name.to_owned() });
        }
        if !self.workflows.contains_key(workflow) {
            return Err(Error::StateMachineDoesNotExist { workflow: workflow.to_owned() });
        }
        let id = format!("{workflow}:{name}");
        let first = Entry {
            time: milliseconds((self.clock)()),
            scope: 0,
            event: Event::ExecutionStarted {
                workflow: workflow.to_owned(),
                name: name.to_owned(),
                input: input.clone(),
            },
        };
        let durable = {
            let mut executions = self.executions();
            if let Some(known) = executions.by_id.get(&id) {
                let is_same = known.input == input && known.is_running();
                return match is_same {
                    true => Ok(self.handle(&id, known)),
                    false => Err(Error::ExecutionAlreadyExists { name: name.to_owned() }),
                };
            }
            let number = executions.next;
            executions.next += 1;
            let bytes = encode(std::slice::from_ref(&first));
            let durable = self.journal.submit(Record { execution: number, bytes });
            let (known, starting) = self.prepare(number, Progress::begin(&first)?);
            executions.by_id.insert(id.clone(), known);
            (durable, starting)
        };
        let (durable, starting) = durable;
        if let Err(error) = durable.wait().await {
            self.executions().by_id.remove(&id);
            return Err(error.into());
        }
        self.begin(&id, starting);
        self.executions().by_id.get(&id).map_or_else(
            || Err(Error::ExecutionDoesNotExist { id: id.clone() }),
            |known| Ok(self.handle(&id, known)),
        )
    }

    /// An execution that does not run yet, and what begins it.
    fn prepare(&self, number: u64, progress: Progress) -> (Known, Starting) {
        let state = match &progress.end {
            None => State::Running,
            Some(end) => State::Ended { outcome: end.outcome.clone(), time: end.time },
        };
        let (sender, receiver) = watch::channel(state);
        let (input, started) = (progress.input.clone(), progress.started);
        let workflow = progress.workflow.clone();
        let run = Run::new(number, Arc::clone(&self.journal), progress, Vec::new());
        let known = Known {
            number,
            input,
            started,
            state: receiver,
            abort: None,
            run: Some(Arc::clone(&run)),
        };
        (known, Starting { workflow, run, sender })
    }

    /// Goes on with an execution that the store has, unless it has ended or its workflow is not registered.
    fn restore(self: &Arc<Self>, number: u64, progress: Progress) {
        let id = format!("{}:{}", progress.workflow, progress.name);
        let has_ended = progress.end.is_some();
        let (mut known, starting) = self.prepare(number, progress);
        if has_ended {
            known.run = None;
        }
        self.executions().by_id.insert(id.clone(), known);
        if !has_ended {
            self.begin(&id, starting);
        }
    }

    fn begin(self: &Arc<Self>, id: &str, starting: Starting) {
        let Some(driver) = self.workflows.get(starting.workflow.as_str()) else { return };
        let driven = driver(Arc::clone(&starting.run), (self.clock)());
        let task = tokio::spawn(to_end(starting, driven, Arc::clone(&self.clock)));
        if let Some(known) = self.executions().by_id.get_mut(id) {
            known.abort = Some(task.abort_handle());
        }
    }

    fn handle(self: &Arc<Self>, id: &str, known: &Known) -> Handle {
        Handle { engine: Arc::clone(self), id: id.to_owned(), state: known.state.clone() }
    }
}

/// What begins an execution.
struct Starting {
    workflow: String,
    run: Arc<Run>,
    sender: watch::Sender<State>,
}

/// Drives an execution to its end, which is told once it is durable.
async fn to_end(starting: Starting, driven: Driven, clock: Clock) {
    let Starting { run, sender, .. } = starting;
    let result = match select(driven, pin!(run.broken())).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            let unknown = || StoreError::unavailable("the execution cannot go on");
            sender.send_replace(State::Broken(run.error().unwrap_or_else(unknown)));
            return;
        }
    };
    let time = milliseconds(clock());
    let (event, outcome) = match result {
        Ok(output) => {
            (Event::ExecutionSucceeded { output: Some(output.clone()) }, Outcome::Succeeded(output))
        }
        Err(error) => {
            let failure = Failure::from(&*error);
            (Event::ExecutionFailed(failure.clone()), Outcome::Failed(failure))
        }
    };
    sender.send_replace(match run.end(time, event).await {
        Ok(()) => State::Ended { outcome, time },
        Err(error) => State::Broken(error),
    });
}

impl Known {
    fn is_running(&self) -> bool {
        matches!(*self.state.borrow(), State::Running)
    }

    fn describe(&self, id: &str) -> Description {
        let (status, stopped) = match &*self.state.borrow() {
            State::Running | State::Broken(_) => (Status::Running, None),
            State::Ended { outcome, time } => (Status::of(outcome), Some(timestamp(*time))),
        };
        Description {
            id: id.to_owned(),
            number: self.number,
            status,
            started: timestamp(self.started),
            stopped,
        }
    }
}

/// An execution: what can be asked of it.
#[derive(Clone)]
pub struct Handle {
    engine: Arc<Inner>,
    id: String,
    state: watch::Receiver<State>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Handle {
    /// Returns the id of the execution.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Describes it.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionDoesNotExist`].
    pub fn describe(&self) -> Result<Description, Error> {
        let executions = self.engine.executions();
        let known = executions.by_id.get(&self.id);
        let missing = || Error::ExecutionDoesNotExist { id: self.id.clone() };
        known.map(|known| known.describe(&self.id)).ok_or_else(missing)
    }

    /// Waits for the end of the execution, and returns its output.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionFailed`] with what it failed with, or was stopped with; [`Error::Store`] when it cannot go on.
    pub async fn output<W: Workflow>(&self) -> Result<W::Output, Error> {
        let mut state = self.state.clone();
        let ended = state.wait_for(|state| !matches!(state, State::Running)).await;
        let ended = ended.map_err(|_| StoreError::unavailable("the engine is shut down"))?.clone();
        match ended {
            State::Ended { outcome: Outcome::Succeeded(output), .. } => {
                serde_json::from_str(output.as_str()).map_err(|error| {
                    StoreError::damaged(format!("the stored output is of another type: {error}"))
                        .into()
                })
            }
            State::Ended {
                outcome: Outcome::Failed(failure) | Outcome::Aborted(failure), ..
            } => Err(Error::ExecutionFailed(*failure.output())),
            State::Broken(error) => Err(error.into()),
            State::Running => unreachable!("it is waited for that it runs no more"),
        }
    }
}

/// What is known of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Its id: the names of the workflow and of the execution, with a colon between.
    pub id: String,
    /// Its number in the store.
    pub number: u64,
    /// How it stands.
    pub status: Status,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Option<Timestamp>,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// AWS's `RUNNING`.
    Running,
    /// AWS's `SUCCEEDED`.
    Succeeded,
    /// AWS's `FAILED`.
    Failed,
    /// AWS's `TIMED_OUT`: the execution took longer than the timeout of its workflow.
    TimedOut,
    /// AWS's `ABORTED`: it was stopped.
    Aborted,
}

impl Status {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Succeeded(_) => Self::Succeeded,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Aborted(_) => Self::Aborted,
        }
    }
}

/// Whether a text can name an execution.
fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (1..=80).contains(&name.len()) && name.chars().all(is_letter)
}
