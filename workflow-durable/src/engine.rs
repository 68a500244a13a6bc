//! The engine: how executions begin, go on after a crash, are stopped and redriven, and end.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use workflow_core::{Definition, ErrorOutput, Identity, Json, TaskTokenError, TaskTokenKey, Visit};

use crate::builder::{Clock, Driven, Registered, Settings};
use crate::entry::{Entry, Event, Failure, Text, decode, milliseconds};
use crate::error::Error;
use crate::history::{History, HistoryEvent};
use crate::journal::{Journal, shut_down};
use crate::known::{Executions, Known, State, ended, id};
use crate::progress::{Outcome, Progress};
use crate::run::{Common, Interruption, Run};
use crate::store::{ENGINE, Record, Store, StoreError};
use crate::under_way::UnderWay;

pub(crate) struct Engine {
    store: Arc<dyn Store>,
    common: Arc<Common>,
    pub(crate) workflows: BTreeMap<&'static str, Registered>,
    clock: Clock,
    identity: Option<Identity>,
    /// Whether executions are driven.
    is_working: bool,
    executions: Mutex<Executions>,
    /// A permit for each execution that may run.
    permits: Arc<Semaphore>,
}

impl Engine {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        journal: Arc<Journal>,
        workflows: BTreeMap<&'static str, Registered>,
        key: Option<TaskTokenKey>,
        settings: Settings,
    ) -> Arc<Self> {
        let Settings { clock, identity, payload_limit, execution_limit, event_limit, .. } =
            settings;
        let (listener, is_working) = (settings.listener, settings.is_working);
        let has_key = key.is_some();
        let executions = Mutex::new(Executions { next: 1, has_key, ..Executions::default() });
        let key = key.unwrap_or_else(TaskTokenKey::random);
        let common = Arc::new(Common {
            journal,
            key,
            payload_limit,
            event_limit,
            under_way: UnderWay::new(),
            listener,
        });
        let permits = Arc::new(Semaphore::new(execution_limit));
        Arc::new(Self {
            store,
            common,
            workflows,
            clock,
            identity,
            is_working,
            executions,
            permits,
        })
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
            let permit = self.permit().ok();
            self.drive(&mut known, progress, Vec::new(), permit);
        }
        self.executions().insert(id, known);
    }

    /// Starts an execution, and returns its id once it is durable.
    pub(crate) async fn start(
        self: &Arc<Self>,
        workflow: &str,
        name: &str,
        input: Text,
    ) -> Result<String, Error> {
        self.check(workflow, name, &input)?;
        let id = id(workflow, name);
        let (durable, is_new) = {
            let mut executions = self.executions();
            let known = executions.by_id.get(&id);
            let is_new = known.is_none();
            match known {
                Some(known) => known.start_again(&input)?,
                None => self.begin(&mut executions, &id, workflow, name, input)?,
            }
            // Queued behind the record that the execution begins with.
            (self.common.journal.all(), is_new)
        };
        let durable = durable.wait().await;
        if is_new && durable.is_err() {
            self.executions().by_id.remove(&id);
        }
        durable?;
        Ok(id)
    }

    /// Whether an execution may be started.
    fn check(&self, workflow: &str, name: &str, input: &Text) -> Result<(), Error> {
        if !is_name(name) {
            return Err(Error::InvalidName { name: name.to_owned() });
        }
        self.registered(workflow)?;
        self.fits(input).map_err(Error::InvalidExecutionInput)?;
        if self.common.under_way.is_ending() {
            return Err(shut_down().into());
        }
        Ok(())
    }

    /// Reads the input of a workflow, and writes it as the workflow does.
    ///
    /// # Errors
    ///
    /// When the workflow is not registered, or takes another input.
    pub(crate) fn input(&self, workflow: &str, input: &Json) -> Result<Text, Error> {
        let read = self.registered(workflow)?.input;
        read(input).map_err(|error| Error::InvalidExecutionInput(error.to_string()))
    }

    fn registered(&self, workflow: &str) -> Result<&Registered, Error> {
        let missing = || Error::StateMachineDoesNotExist { workflow: workflow.to_owned() };
        self.workflows.get(workflow).ok_or_else(missing)
    }

    /// Lets one more execution run.
    fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = Arc::clone(&self.permits).try_acquire_owned();
        permit.map_err(|_| Error::ExecutionLimitExceeded)
    }

    /// Makes an execution and drives it.
    fn begin(
        self: &Arc<Self>,
        executions: &mut Executions,
        id: &str,
        workflow: &str,
        name: &str,
        input: Text,
    ) -> Result<(), Error> {
        let permit = self.permit()?;
        self.write_key(executions);
        let (workflow, name) = (workflow.to_owned(), name.to_owned());
        let event = Event::ExecutionStarted { workflow, name, input };
        let first = Entry { time: self.now(), scope: 0, event };
        let progress = Progress::begin(&first)?;
        let mut known = Known::new(executions.next, &progress, State::Running);
        self.drive(&mut known, progress, vec![first], Some(permit));
        executions.insert(id.to_owned(), known);
        Ok(())
    }

    /// Has the key of task tokens be in the store before the first execution.
    fn write_key(&self, executions: &mut Executions) {
        if !std::mem::replace(&mut executions.has_key, true) {
            let bytes = self.common.key.to_bytes().to_vec();
            // Whoever waits for what comes after is told of an error.
            drop(self.common.journal.submit(Record { execution: ENGINE, bytes }));
        }
    }

    /// Drives an execution to its end once the entries that it begins with are durable. Where its workflow is not registered, or
    /// the engine does not work, nothing more happens.
    fn drive(
        self: &Arc<Self>,
        known: &mut Known,
        progress: Progress,
        entries: Vec<Entry>,
        permit: Option<OwnedSemaphorePermit>,
    ) {
        let run = Run::new(known.number, Arc::clone(&self.common), progress, entries);
        let begun = run.submit();
        known.run = Some(Arc::clone(&run));
        known.task = None;
        let registered = self.workflows.get(known.workflow.as_str());
        let Some(registered) = registered.filter(|_| self.is_working) else { return };
        let driven = (registered.driver)(Arc::clone(&run), (self.clock)(), self.identity.clone());
        let clock = Arc::clone(&self.clock);
        known.carry_on(async move {
            let _permit = permit;
            let begun = match begun {
                Ok(begun) => begun.wait().await,
                Err(error) => Err(error),
            };
            match begun {
                Ok(()) => to_end(&run, driven, clock).await,
                Err(error) => State::Broken(error),
            }
        });
    }

    /// Stops an execution, and returns once that is durable. One that has ended stays as it is.
    pub(crate) async fn stop(&self, id: &str, failure: Failure) -> Result<(), Error> {
        let mut state = {
            let mut executions = self.executions();
            let known = executions.get_mut(id)?;
            match (known.run.clone(), &known.task) {
                _ if !known.is_running() => {}
                (Some(run), Some(_)) => run.stop(failure),
                // Nothing drives an execution whose workflow is not registered, and none where the engine does not work.
                (Some(run), None) => {
                    let (time, outcome) = (self.now(), Outcome::Aborted(failure));
                    known.carry_on(async move { end(&run, time, outcome).await });
                }
                (None, _) => unreachable!("what runs has a run"),
            }
            known.subscribe()
        };
        ended(&mut state).await.map(drop)
    }

    /// Goes on with an execution that has failed, from the states that failed.
    pub(crate) async fn redrive(self: &Arc<Self>, id: &str) -> Result<(), Error> {
        let number = {
            let mut executions = self.executions();
            let known = executions.get_mut(id)?;
            let is_redrivable = known.has_failed() && !known.is_read;
            if !is_redrivable {
                return Err(Error::ExecutionNotRedrivable { id: id.to_owned() });
            }
            known.is_read = true;
            known.number
        };
        let read = self.read(number);
        let durable = {
            let mut executions = self.executions();
            let known = executions.get_mut(id)?;
            known.is_read = false;
            let mut progress = read?;
            if progress.events() + 1 >= self.common.event_limit {
                return Err(Error::ExecutionNotRedrivable { id: id.to_owned() });
            }
            let permit = self.permit()?;
            let entry = Entry { time: self.now(), scope: 0, event: Event::ExecutionRedriven };
            progress.apply(&entry)?;
            known.state.send_replace(State::Running);
            self.drive(known, progress, vec![entry], Some(permit));
            self.common.journal.all()
        };
        Ok(durable.wait().await?)
    }

    /// Ends a task whose token is sent back, and returns once that is durable.
    pub(crate) async fn send(
        &self,
        token: &str,
        outcome: Result<Text, Failure>,
    ) -> Result<(), Error> {
        if let Ok(output) = &outcome {
            self.fits(output).map_err(TaskTokenError::InvalidOutput)?;
        }
        let (run, definition, visit) = self.waiting(token)?;
        Ok(run.receive(self.now(), definition, visit, outcome)?.wait().await?)
    }

    /// Says that a task is alive that waits for its token.
    pub(crate) fn beat(&self, token: &str) -> Result<(), Error> {
        let (run, definition, visit) = self.waiting(token)?;
        run.beat(definition, visit)
    }

    /// The execution that a task token is of, which runs, and the visit.
    fn waiting(&self, token: &str) -> Result<(Arc<Run>, &'static Definition, Visit), Error> {
        let executions = self.executions();
        let token = self.common.key.open(token).ok_or(TaskTokenError::InvalidToken)?;
        let known = executions.by_number(token.execution).ok_or(TaskTokenError::InvalidToken)?;
        known.runs()?;
        let registered = self.registered(&known.workflow)?;
        let run = known.run.clone().ok_or(TaskTokenError::TaskTimedOut)?;
        Ok((run, registered.definition, token.visit))
    }

    /// Whether a payload is small enough.
    fn fits(&self, payload: &Text) -> Result<(), String> {
        let (size, limit) = (payload.as_str().len(), self.common.payload_limit);
        if size > limit {
            Err(format!("it has {size} bytes, and may have {limit}"))
        } else {
            Ok(())
        }
    }

    /// Reads how far an execution has come.
    fn read(&self, number: u64) -> Result<Progress, StoreError> {
        let mut progress = None;
        for record in self.store.read(number)? {
            Progress::go_on(&mut progress, &record.bytes)?;
        }
        progress.ok_or_else(|| StoreError::damaged("the execution is not in the store"))
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

    /// Ends the engine: no task begins any more, those under way are waited for, and executions stop where they are then.
    pub(crate) async fn shut_down(&self, grace: Duration) {
        self.common.under_way.end_within(grace).await;
        let driven: Vec<_> = {
            let mut executions = self.executions();
            executions.by_id.values_mut().filter_map(Known::leave).collect()
        };
        for task in driven {
            // It was cancelled, or has ended.
            let _ = task.await;
        }
        self.common.journal.close().await;
    }
}

/// Drives an execution to its end, and makes that durable.
async fn to_end(run: &Run, driven: Driven, clock: Clock) -> State {
    let driven = AssertUnwindSafe(run.drive(driven)).catch_unwind();
    let outcome = match select(pin!(driven), pin!(run.interrupted())).await {
        Either::Left((Ok(Ok(output)), _)) => Outcome::Succeeded(output),
        Either::Left((Ok(Err(error)), _)) => failed(&error),
        Either::Left((Err(panic), _)) => Outcome::Failed(panicked(&*panic)),
        Either::Right((Interruption::Full(failure), _)) => Outcome::Failed(failure),
        Either::Right((Interruption::Stopped(failure), _)) => Outcome::Aborted(failure),
        Either::Right((Interruption::Broken(error), _)) => return State::Broken(error),
    };
    end(run, milliseconds(clock()), outcome).await
}

/// A panic fails the execution: it can be redriven once the program is mended.
fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    let cause = format!("a task panicked: {}", message.unwrap_or("without a message"));
    Failure { error: "States.Runtime".to_owned(), cause }
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

/// Whether a text can name an execution.
fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (1..=80).contains(&name.len()) && name.chars().all(is_letter)
}
