//! An execution while it runs: what is noted of it, how that becomes durable, and why it does not go on.

mod drive;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use workflow_core::definition::Task;
use workflow_core::{Definition, Listener, TaskTokenError, TaskTokenKey, Visit};

use crate::entry::{Entries, Entry, Event, Failure, Text};
use crate::error::Error;
use crate::journal::{Durable, Journal};
use crate::migration::Migration;
use crate::progress::{Progress, Scope};
use crate::rest::{Heartbeats, Watch};
use crate::store::{Record, StoreError};
use crate::under_way::UnderWay;
use drive::Commits;

/// What all executions of an engine share.
pub(crate) struct Common {
    pub(crate) journal: Arc<Journal>,
    /// What task tokens are made of.
    pub(crate) key: TaskTokenKey,
    /// How many bytes the input of an execution and the result of a task may have.
    pub(crate) payload_limit: usize,
    /// How many events a history may have.
    pub(crate) event_limit: u32,
    pub(crate) under_way: UnderWay,
    /// When the engine began: before, nobody could send a heartbeat.
    pub(crate) opened: Instant,
    pub(crate) listener: Option<Arc<dyn Listener + Send + Sync>>,
    /// What makes checkpoints fit, by workflow.
    pub(crate) migrations: BTreeMap<&'static str, Migration>,
}

/// An execution that runs.
pub(crate) struct Run {
    /// Its number in the store.
    pub(crate) number: u64,
    pub(crate) common: Arc<Common>,
    noted: Mutex<Noted>,
    /// Tells that it does not go on.
    interrupted: Notify,
    /// Tells that a task token was sent back.
    called_back: Notify,
    /// Tells that its machine is not polled now.
    at_rest: Notify,
}

/// What is noted of an execution.
pub(crate) struct Noted {
    pub(crate) progress: Progress,
    /// What is not handed to the journal yet.
    entries: Entries,
    commits: Commits,
    /// What the state that a machine is in has assigned.
    pub(crate) assigned: BTreeMap<u32, Text>,
    /// The machines whose state was entered before the execution was interrupted.
    pub(crate) resumed: BTreeSet<u32>,
    /// Where heartbeats go of attempts that wait for their task tokens, by their machines.
    pub(crate) heartbeats: Heartbeats,
    error: Option<StoreError>,
    /// What it is stopped with.
    stop: Option<Failure>,
    /// What it fails with, wherever its machine is. What happens then is not noted.
    failure: Option<Failure>,
    /// Why what is stored does not fit its workflow.
    misfit: Option<String>,
    /// The thread that polls its machine now, or has polled it to its end, which is not noted yet.
    polled_by: Option<ThreadId>,
    /// When its machine was last polled.
    polled: Instant,
    /// Whether somebody waits until its machine is not polled.
    is_rest_awaited: bool,
    /// The time of what was noted last, in this poll of the machine.
    time: Option<i64>,
    /// Whether it is to leave memory, if it does nothing but wait.
    is_tired: bool,
    /// Whether it has left memory: nothing is noted here any more.
    is_parked: bool,
}

/// Why an execution does not go on.
#[derive(Debug)]
pub(crate) enum Interruption {
    /// It fails, wherever its machine is: its history is full, or something in it cannot be written.
    Failed(Failure),
    /// It was stopped.
    Stopped(Failure),
    /// What happens may not be durable.
    Broken(StoreError),
    /// What is stored does not fit its workflow.
    Misfit(String),
    /// It may leave memory.
    Tired,
}

impl Run {
    /// An execution that goes on from where it is, with entries that are noted already.
    pub(crate) fn new(
        number: u64,
        common: Arc<Common>,
        progress: Progress,
        entries: Entries,
        heartbeats: Heartbeats,
    ) -> Arc<Self> {
        let visited = progress.scopes.iter().filter(|(_, scope)| scope.visit.is_some());
        let resumed = visited.map(|(number, _)| *number).collect();
        let noted = Mutex::new(Noted {
            progress,
            entries,
            commits: Commits::default(),
            assigned: BTreeMap::new(),
            resumed,
            heartbeats,
            error: None,
            stop: None,
            failure: None,
            misfit: None,
            polled_by: None,
            polled: Instant::now(),
            is_rest_awaited: false,
            time: None,
            is_tired: false,
            is_parked: false,
        });
        let (interrupted, called_back) = (Notify::new(), Notify::new());
        Arc::new(Self { number, common, noted, interrupted, called_back, at_rest: Notify::new() })
    }

    pub(crate) fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops it; returns whether it is in memory.
    pub(crate) fn stop(&self, failure: &Failure) -> bool {
        let mut noted = self.noted();
        if noted.is_parked {
            return false;
        }
        noted.stop.get_or_insert_with(|| failure.clone());
        self.interrupted.notify_one();
        true
    }

    /// Has it leave memory if it has done nothing but wait for a while, and will go on so.
    pub(crate) fn tire(&self, definition: &'static Definition, now: i64, after: Duration) {
        let mut noted = self.noted();
        if noted.polled.elapsed() < after {
            return;
        }
        let soon = now.saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        let rests = noted.rests(definition, now);
        if rests.is_some_and(|until| until.is_none_or(|until| until > soon)) {
            noted.is_tired = true;
            self.interrupted.notify_one();
        }
    }

    /// Leaves memory, once all is durable, if it still does nothing but wait: until when, in milliseconds since 1970.
    pub(crate) async fn park(
        &self,
        definition: &'static Definition,
        now: i64,
    ) -> Option<Option<i64>> {
        let is_durable = self.commit().await.is_ok();
        let mut noted = self.noted();
        noted.is_tired = false;
        let is_quiet = is_durable && noted.entries.is_empty() && !noted.is_over();
        let rests = noted.rests(definition, now);
        let rests = rests.filter(|_| is_quiet && noted.stop.is_none())?;
        noted.is_parked = true;
        Some(rests)
    }

    /// Waits until the task token of a machine's attempt is sent back.
    pub(crate) async fn callback(&self, scope: u32) -> Result<Text, Failure> {
        loop {
            let next = self.called_back.notified();
            let attempt = |scope: &Scope| scope.visit.as_ref()?.attempt.clone();
            let attempt = self.noted().scope(scope).and_then(attempt);
            match attempt.and_then(|attempt| attempt.callback) {
                Some(outcome) => return outcome,
                None => next.await,
            }
        }
    }

    /// Takes what is sent back with a task token, if the attempt waits for it; returns whether the execution is in memory.
    ///
    /// # Errors
    ///
    /// When nobody waits for it, or it is not what the state takes.
    pub(crate) fn receive(
        &self,
        time: i64,
        definition: &'static Definition,
        visit: Visit,
        outcome: Result<Text, Failure>,
    ) -> Result<bool, Error> {
        let mut noted = self.noted();
        if noted.is_parked {
            return Ok(false);
        }
        let (scope, task) = noted.waiting(definition, visit)?;
        if let (Ok(output), Some(awaited)) = (&outcome, task.awaits) {
            (awaited.accepts)(output.as_str())?;
        }
        let entry = Entry { time, scope, event: Event::CallbackReceived(outcome) };
        noted.note(entry, self.common.event_limit);
        // What the machine notes after it is not before it.
        noted.time = None;
        drop(noted);
        self.called_back.notify_waiters();
        Ok(true)
    }

    /// Makes what was received durable, from outside of the machine: not between two things that are to be in one record.
    pub(crate) async fn commit_received(&self) -> Result<(), StoreError> {
        loop {
            let next = self.at_rest.notified();
            let durable = {
                let mut noted = self.noted();
                let is_at_work = noted.polled_by.is_some_and(|by| by != thread::current().id());
                noted.is_rest_awaited |= is_at_work;
                if is_at_work { None } else { Some(self.queue(&mut noted)?) }
            };
            match durable {
                Some(durable) => {
                    self.common.journal.write();
                    return durable.await;
                }
                None => next.await,
            }
        }
    }

    /// Has the time of silence of an attempt begin anew that waits for its task token; returns whether the execution is in memory.
    ///
    /// # Errors
    ///
    /// When it waits no more.
    pub(crate) fn beat(
        &self,
        definition: &'static Definition,
        visit: Visit,
    ) -> Result<bool, Error> {
        let mut noted = self.noted();
        if noted.is_parked {
            return Ok(false);
        }
        let (scope, _) = noted.waiting(definition, visit)?;
        noted.heartbeats.entry(scope).or_default().beat();
        Ok(true)
    }

    /// Why it does not go on, if it was interrupted.
    pub(crate) fn interruption(&self) -> Option<Interruption> {
        self.noted().interruption()
    }

    /// Waits until it does not go on.
    pub(crate) async fn interrupted(&self) -> Interruption {
        loop {
            self.interrupted.notified().await;
            if let Some(interruption) = self.interruption() {
                return interruption;
            }
        }
    }

    /// Makes what is noted durable, from outside of the machine.
    ///
    /// # Errors
    ///
    /// When it may not be.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        let durable = self.queue(&mut self.noted())?;
        self.common.journal.write();
        durable.await
    }

    /// Queues what is noted for the journal.
    ///
    /// # Errors
    ///
    /// When it is not to be written, nor anything after it.
    pub(crate) fn queue(&self, noted: &mut Noted) -> Result<Durable, StoreError> {
        // Queued under the lock, so that records are in the order of their entries.
        Ok(match self.record(noted)? {
            Some(record) => self.common.journal.queue(record),
            None => self.common.journal.all(),
        })
    }

    /// Takes what is noted, if there is anything.
    ///
    /// # Errors
    ///
    /// When it is not to be written, nor anything after it.
    fn record(&self, noted: &mut Noted) -> Result<Option<Record>, StoreError> {
        if let Some(error) = &noted.error {
            return Err(error.clone());
        }
        // Nothing is written of an execution that does not fit.
        if let Some(why) = &noted.misfit {
            return Err(StoreError::unavailable(why.clone()));
        }
        let taken = noted.entries.take();
        Ok(taken.map(|bytes| Record { execution: self.number, bytes }))
    }
}

impl Noted {
    /// When an event of the machine happens that is noted now. Between tasks a poll of the machine takes no time to speak of, and the
    /// clock is not read again.
    pub(crate) fn time(&mut self, event: &Event, now: impl FnOnce() -> i64) -> i64 {
        let known = self.time.filter(|_| !event.ends_a_call());
        *self.time.insert(known.unwrap_or_else(now))
    }

    /// Notes what happens, unless it fails. It does when the history is full then, the last event of which is the end of the execution.
    pub(crate) fn note(&mut self, entry: Entry, event_limit: u32) {
        let events = self.progress.events_with(&entry);
        if events >= event_limit {
            self.fails(full(event_limit));
        }
        if self.failure.is_none() {
            self.add(entry, events);
        }
    }

    fn add(&mut self, entry: Entry, events: u32) {
        self.entries.push(&entry);
        if let Err(error) = self.progress.apply_counted(entry, events) {
            self.fail(error);
        }
    }

    /// It fails, wherever its machine is.
    pub(crate) fn fails(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// What happens may not be durable.
    pub(crate) fn fail(&mut self, error: StoreError) {
        self.error.get_or_insert(error);
    }

    /// What is stored does not fit the workflow.
    pub(crate) fn does_not_fit(&mut self, why: String) {
        self.misfit.get_or_insert(why);
    }

    /// Until when it does nothing but wait, if it does.
    fn rests(&self, definition: &'static Definition, now: i64) -> Option<Option<i64>> {
        self.progress.rests(definition, Watch { now, heartbeats: Some(&self.heartbeats) })
    }

    /// Whether the machine may not go on.
    pub(crate) const fn is_over(&self) -> bool {
        self.error.is_some() || self.misfit.is_some() || self.failure.is_some()
    }

    /// The machine that waits in an attempt for its task token, and the state that it is in.
    fn waiting(
        &self,
        definition: &'static Definition,
        visit: Visit,
    ) -> Result<(u32, &'static Task), Error> {
        if let Some(error) = &self.error {
            return Err(error.clone().into());
        }
        let waiting = self
            .progress
            .waiting(definition, visit)
            .filter(|_| self.failure.is_none() && self.progress.end.is_none());
        Ok(waiting.ok_or(TaskTokenError::TaskTimedOut)?)
    }

    fn interruption(&self) -> Option<Interruption> {
        let error = self.error.clone().map(Interruption::Broken);
        let stop = || self.stop.clone().map(Interruption::Stopped);
        let failure = || self.failure.clone().map(Interruption::Failed);
        let tired = || self.is_tired.then_some(Interruption::Tired);
        let misfit = self.misfit.clone().map(Interruption::Misfit);
        misfit.or(error).or_else(stop).or_else(failure).or_else(tired)
    }

    pub(crate) fn scope(&self, number: u32) -> Option<&Scope> {
        self.progress.scopes.get(&number).map(|scope| &**scope)
    }
}

/// What an execution fails with whose history is full.
fn full(event_limit: u32) -> Failure {
    let cause =
        format!("The execution reached the maximum number of history events ({event_limit}).");
    Failure { error: "States.Runtime".to_owned(), cause }
}
