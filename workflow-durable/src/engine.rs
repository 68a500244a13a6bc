//! The executions that an engine knows: how they begin, go on after a crash, are stopped and redriven, and end.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use workflow_core::{ErrorOutput, Identity};

use crate::builder::{Clock, Driven, Registered, Shared};
use crate::description::{Description, Status};
use crate::entry::{Entry, Event, Failure, Text, decode, encode, milliseconds, timestamp};
use crate::error::Error;
use crate::history::{History, HistoryEvent};
use crate::journal::Journal;
use crate::progress::{Outcome, Progress};
use crate::running::{Interruption, Run};
use crate::store::{Record, Store, StoreError};

pub(crate) struct Engine {
    store: Arc<dyn Store>,
    journal: Arc<Journal>,
    pub(crate) workflows: BTreeMap<&'static str, Registered>,
    clock: Clock,
    identity: Option<Identity>,
    payload_limit: usize,
    executions: Mutex<Executions>,
}

/// The executions, by id.
#[derive(Default)]
pub(crate) struct Executions {
    pub(crate) by_id: BTreeMap<String, Known>,
    /// The number of the next execution in the store.
    next: u64,
}

/// An execution that the engine knows.
pub(crate) struct Known {
    number: u64,
    workflow: String,
    name: String,
    input: Text,
    started: i64,
    state: Arc<watch::Sender<State>>,
    /// Where it has not ended: how it is driven.
    run: Option<Arc<Run>>,
    task: Option<AbortHandle>,
}

/// How an execution stands, as those see it who wait for it.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Running,
    Ended {
        outcome: Outcome,
        time: i64,
    },
    /// What happens may not be durable: it goes on when the store is opened again.
    Broken(StoreError),
}

impl Engine {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        journal: Arc<Journal>,
        workflows: BTreeMap<&'static str, Registered>,
        Shared { clock, identity, payload_limit }: Shared,
    ) -> Arc<Self> {
        let executions = Mutex::new(Executions { next: 1, ..Executions::default() });
        Arc::new(Self { store, journal, workflows, clock, identity, payload_limit, executions })
    }

    pub(crate) fn executions(&self) -> MutexGuard<'_, Executions> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        milliseconds((self.clock)())
    }

    /// Knows an execution that the store has, and goes on with it unless it has ended or its workflow is not registered.
    pub(crate) fn restore(self: &Arc<Self>, number: u64, progress: Progress) {
        let id = id(&progress.workflow, &progress.name);
        let state = match &progress.end {
            None => State::Running,
            Some(end) => State::Ended { outcome: end.outcome.clone(), time: end.time },
        };
        let mut known = Known::new(number, &progress, state);
        if progress.end.is_none() {
            let run = Run::new(
                number,
                Arc::clone(&self.journal),
                progress,
                Vec::new(),
                self.payload_limit,
            );
            self.drive(&mut known, run);
        }
        let mut executions = self.executions();
        executions.next = executions.next.max(number + 1);
        executions.by_id.insert(id, known);
    }

    /// Starts an execution, and returns its id once it is durable.
    pub(crate) async fn start(
        self: &Arc<Self>,
        workflow: &'static str,
        name: &str,
        input: Text,
    ) -> Result<String, Error> {
        if !is_name(name) {
            return Err(Error::InvalidName { name: name.to_owned() });
        }
        if !self.workflows.contains_key(workflow) {
            return Err(Error::StateMachineDoesNotExist { workflow: workflow.to_owned() });
        }
        let size = input.as_str().len();
        if size > self.payload_limit {
            let why = format!("it has {size} bytes, and may have {}", self.payload_limit);
            return Err(Error::InvalidExecutionInput(why));
        }
        let id = id(workflow, name);
        let event = Event::ExecutionStarted {
            workflow: workflow.to_owned(),
            name: name.to_owned(),
            input: input.clone(),
        };
        let first = Entry { time: self.now(), scope: 0, event };
        let progress = Progress::begin(&first)?;
        let (durable, number) = {
            let mut executions = self.executions();
            if let Some(known) = executions.by_id.get(&id) {
                return match known.input == input && known.is_running() {
                    true => Ok(id),
                    false => Err(Error::ExecutionAlreadyExists { name: name.to_owned() }),
                };
            }
            let number = executions.next;
            executions.next += 1;
            executions.by_id.insert(id.clone(), Known::new(number, &progress, State::Running));
            let bytes = encode(std::slice::from_ref(&first));
            (self.journal.submit(Record { execution: number, bytes }), number)
        };
        let durable = durable.wait().await;
        let mut executions = self.executions();
        if let Err(error) = durable {
            executions.by_id.remove(&id);
            return Err(error.into());
        }
        if let Some(known) = executions.by_id.get_mut(&id) {
            let run = Run::new(
                number,
                Arc::clone(&self.journal),
                progress,
                Vec::new(),
                self.payload_limit,
            );
            self.drive(known, run);
        }
        Ok(id)
    }

    /// Drives an execution to its end, where its workflow is registered.
    fn drive(self: &Arc<Self>, known: &mut Known, run: Arc<Run>) {
        known.run = Some(Arc::clone(&run));
        let Some(registered) = self.workflows.get(known.workflow.as_str()) else { return };
        let driven = (registered.driver)(Arc::clone(&run), (self.clock)(), self.identity.clone());
        let ended = to_end(run, driven, Arc::clone(&self.clock));
        let state = Arc::clone(&known.state);
        let task = tokio::spawn(async move {
            let ended = ended.await;
            state.send_replace(ended);
        });
        known.task = Some(task.abort_handle());
    }

    /// Stops an execution, and returns once that is durable. One that has ended stays as it is.
    pub(crate) async fn stop(&self, id: &str, failure: Failure) -> Result<(), Error> {
        let (mut state, idle) = {
            let executions = self.executions();
            let known = executions.get(id)?;
            let idle = match (&known.run, &known.task) {
                (Some(run), None) => Some((Arc::clone(run), Arc::clone(&known.state))),
                (Some(run), Some(_)) => {
                    run.stop(failure.clone());
                    None
                }
                (None, _) => None,
            };
            (known.state.subscribe(), idle)
        };
        // Nothing drives an execution whose workflow is not registered.
        if let Some((run, sender)) = idle {
            let outcome = Outcome::Aborted(failure);
            sender.send_replace(end(&run, self.now(), outcome).await);
        }
        match &*state.wait_for(|state| !matches!(state, State::Running)).await.map_err(shut_down)? {
            State::Broken(error) => Err(error.clone().into()),
            State::Running | State::Ended { .. } => Ok(()),
        }
    }

    /// Goes on with an execution that has failed, from the states that failed.
    pub(crate) async fn redrive(self: &Arc<Self>, id: &str) -> Result<(), Error> {
        let number = {
            let executions = self.executions();
            let known = executions.get(id)?;
            let is_redrivable = matches!(&*known.state.borrow(), State::Ended { outcome, .. } if !matches!(outcome, Outcome::Succeeded(_)));
            if !is_redrivable {
                return Err(Error::ExecutionNotRedrivable { id: id.to_owned() });
            }
            known.state.send_replace(State::Running);
            known.number
        };
        let begun = self.begin_again(number).await;
        let mut executions = self.executions();
        let known = executions.get_mut(id)?;
        match begun {
            Ok(run) => {
                self.drive(known, run);
                Ok(())
            }
            Err(error) => {
                known.state.send_replace(State::Broken(error.clone()));
                Err(error.into())
            }
        }
    }

    /// Reads an execution that has failed, and notes that it goes on.
    async fn begin_again(&self, number: u64) -> Result<Arc<Run>, StoreError> {
        let mut progress: Option<Progress> = None;
        for record in self.store.read(number)? {
            for entry in decode(&record.bytes)? {
                match &mut progress {
                    Some(progress) => progress.apply(&entry)?,
                    None => progress = Some(Progress::begin(&entry)?),
                }
            }
        }
        let Some(mut progress) = progress else {
            return Err(StoreError::damaged("the execution is not in the store"));
        };
        let entry = Entry { time: self.now(), scope: 0, event: Event::ExecutionRedriven };
        progress.apply(&entry)?;
        let run =
            Run::new(number, Arc::clone(&self.journal), progress, vec![entry], self.payload_limit);
        run.commit().await?;
        Ok(run)
    }

    /// The history of an execution.
    pub(crate) fn history(&self, id: &str) -> Result<Vec<HistoryEvent>, Error> {
        let (number, workflow) = {
            let executions = self.executions();
            let known = executions.get(id)?;
            (known.number, known.workflow.clone())
        };
        let definition = self.workflows.get(workflow.as_str()).map(|known| known.definition);
        let mut history = History::new(definition, id, self.identity.as_ref());
        for record in self.store.read(number)? {
            decode(&record.bytes)?.iter().for_each(|entry| history.add(entry));
        }
        Ok(history.events)
    }

    /// Ends the engine: executions stop where they are.
    pub(crate) async fn close(&self) {
        for known in self.executions().by_id.values() {
            known.task.iter().for_each(AbortHandle::abort);
        }
        self.journal.close().await;
    }
}

pub(crate) fn shut_down(_: watch::error::RecvError) -> Error {
    StoreError::unavailable("the engine is shut down").into()
}

/// Drives an execution to its end, and makes that durable.
async fn to_end(run: Arc<Run>, driven: Driven, clock: Clock) -> State {
    let outcome = match select(driven, pin!(run.interrupted())).await {
        Either::Left((Ok(output), _)) => Outcome::Succeeded(output),
        Either::Left((Err(error), _)) => failed(&error),
        Either::Right((Interruption::Stopped(failure), _)) => Outcome::Aborted(failure),
        Either::Right((Interruption::Broken(error), _)) => return State::Broken(error),
    };
    end(&run, milliseconds(clock()), outcome).await
}

fn failed(error: &ErrorOutput) -> Outcome {
    let is_timeout = error.state.is_none() && error.error == "States.Timeout";
    let failure = Failure::from(error);
    if is_timeout { Outcome::TimedOut(failure) } else { Outcome::Failed(failure) }
}

async fn end(run: &Run, time: i64, outcome: Outcome) -> State {
    let event = match outcome.clone() {
        Outcome::Succeeded(output) => Event::ExecutionSucceeded { output: Some(output) },
        Outcome::Failed(failure) => Event::ExecutionFailed(failure),
        Outcome::TimedOut(failure) => Event::ExecutionTimedOut(failure),
        Outcome::Aborted(failure) => Event::ExecutionAborted(failure),
    };
    match run.end(time, event).await {
        Ok(()) => State::Ended { outcome, time },
        Err(error) => State::Broken(error),
    }
}

impl Executions {
    pub(crate) fn get(&self, id: &str) -> Result<&Known, Error> {
        self.by_id.get(id).ok_or_else(|| Error::ExecutionDoesNotExist { id: id.to_owned() })
    }

    fn get_mut(&mut self, id: &str) -> Result<&mut Known, Error> {
        self.by_id.get_mut(id).ok_or_else(|| Error::ExecutionDoesNotExist { id: id.to_owned() })
    }
}

impl Known {
    fn new(number: u64, progress: &Progress, state: State) -> Self {
        Self {
            number,
            workflow: progress.workflow.clone(),
            name: progress.name.clone(),
            input: progress.input.clone(),
            started: progress.started,
            state: Arc::new(watch::Sender::new(state)),
            run: None,
            task: None,
        }
    }

    fn is_running(&self) -> bool {
        matches!(*self.state.borrow(), State::Running)
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// In the order in which executions were started.
    pub(crate) const fn order(&self) -> (i64, u64) {
        (self.started, self.number)
    }

    pub(crate) fn describe(&self) -> Description {
        let (status, end) = match &*self.state.borrow() {
            State::Running | State::Broken(_) => (Status::Running, None),
            State::Ended { outcome, time } => (Status::of(outcome), Some((outcome.clone(), *time))),
        };
        let (mut output, mut error) = (None, None);
        match &end {
            Some((Outcome::Succeeded(text), _)) => output = Some(text.as_str().to_owned()),
            Some((
                Outcome::Failed(failure) | Outcome::TimedOut(failure) | Outcome::Aborted(failure),
                _,
            )) => error = Some(*failure.output()),
            None => {}
        }
        Description {
            id: id(&self.workflow, &self.name),
            workflow: self.workflow.clone(),
            name: self.name.clone(),
            status,
            started: timestamp(self.started),
            stopped: end.map(|(_, time)| timestamp(time)),
            input: self.input.as_str().to_owned(),
            output,
            error,
        }
    }
}

fn id(workflow: &str, name: &str) -> String {
    format!("{workflow}:{name}")
}

/// Whether a text can name an execution.
fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (1..=80).contains(&name.len()) && name.chars().all(is_letter)
}
