//! The engine: what it is asked of executions, wherever they are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use workflow_core::{HistoryBuilder, HistoryEvent, Identity, Json, TaskTokenKey};

use crate::builder::{Clock, Registered, Settings};
use crate::description::{Description, List, ListItem, Page, Status};
use crate::entry::{Entries, Entry, Event, Failure, Text, decode, milliseconds};
use crate::error::Error;
use crate::history;
use crate::index::{Index, Row};
use crate::journal::{Journal, shut_down};
use crate::known::{Executions, Known, State, describe, ended};
use crate::recovery::{GoesOn, Recovered};
use crate::rest::Heartbeats;
use crate::run::Common;
use crate::store::{ENGINE, Record, Store, StoreError};
use crate::under_way::UnderWay;
use crate::written::Written;

pub(crate) struct Engine {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) index: Index,
    /// Held while the index is written.
    pub(crate) indexing: Mutex<()>,
    pub(crate) written: Arc<Written>,
    pub(crate) common: Arc<Common>,
    pub(crate) workflows: BTreeMap<&'static str, Registered>,
    pub(crate) clock: Clock,
    pub(crate) identity: Option<Identity>,
    /// Whether executions are driven.
    pub(crate) is_working: bool,
    pub(crate) execution_limit: usize,
    pub(crate) park_after: Duration,
    pub(crate) retention: Option<Duration>,
    executions: Mutex<Executions>,
    /// The number of the next execution in the store.
    pub(crate) next: AtomicU64,
    /// Held while an execution is brought into memory.
    pub(crate) loading: tokio::sync::Mutex<()>,
    /// Tells that an execution began.
    pub(crate) begun: Notify,
    /// Tells that the index is behind.
    pub(crate) changed: Notify,
    /// Tells that an execution has left memory.
    pub(crate) parked: Notify,
    /// What runs beside the executions.
    beside: Mutex<Vec<JoinHandle<()>>>,
}

impl Engine {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        index: Index,
        workflows: BTreeMap<&'static str, Registered>,
        recovered: &Recovered,
        settings: Settings,
    ) -> Result<Arc<Self>, StoreError> {
        let written = Arc::new(Written::new(recovered.last));
        let journal = Journal::new(Arc::clone(&store), Arc::clone(&written), settings.queue_limit);
        let key = recovered.key.map(TaskTokenKey::from_bytes);
        let executions = Executions {
            open: index.open_executions()?,
            has_key: key.is_some(),
            ..Executions::default()
        };
        let common = Common {
            journal,
            key: key.unwrap_or_else(TaskTokenKey::random),
            payload_limit: settings.payload_limit,
            event_limit: settings.event_limit,
            under_way: UnderWay::default(),
            opened: Instant::now(),
            listener: settings.listener,
            migrations: settings.migrations,
        };
        Ok(Arc::new(Self {
            store,
            index,
            indexing: Mutex::default(),
            written,
            common: Arc::new(common),
            workflows,
            clock: settings.clock,
            identity: settings.identity,
            is_working: settings.is_working,
            execution_limit: settings.execution_limit,
            park_after: settings.park_after,
            retention: settings.retention,
            executions: Mutex::new(executions),
            next: AtomicU64::new(recovered.next),
            loading: tokio::sync::Mutex::default(),
            begun: Notify::new(),
            changed: Notify::new(),
            parked: Notify::new(),
            beside: Mutex::default(),
        }))
    }

    /// Goes on with the executions that ran, and keeps those that wait.
    pub(crate) fn begin_work(self: &Arc<Self>, live: Vec<GoesOn>) {
        for (number, row, progress) in live {
            // What is wrong with the journal is seen by whatever is noted next.
            let coming =
                self.coming(number, row, progress, Entries::default(), Heartbeats::default());
            drop(self.drive(&mut self.executions(), coming));
        }
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        beside.push(tokio::spawn(Arc::clone(self).keep_index()));
        if self.is_working {
            beside.push(tokio::spawn(Arc::clone(self).tire()));
            beside.push(tokio::spawn(Arc::clone(self).wake()));
            if let Some(retention) = self.retention {
                beside.push(tokio::spawn(Arc::clone(self).forget_old(retention)));
            }
        }
    }

    pub(crate) fn executions(&self) -> MutexGuard<'_, Executions> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        milliseconds((self.clock)())
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

    pub(crate) fn registered(&self, workflow: &str) -> Result<&Registered, Error> {
        let missing = || Error::StateMachineDoesNotExist { workflow: workflow.to_owned() };
        self.workflows.get(workflow).ok_or_else(missing)
    }

    /// The number of an execution by its id.
    pub(crate) fn number(
        &self,
        executions: &Executions,
        id: &str,
    ) -> Result<Option<u64>, StoreError> {
        match executions.ids.get(id) {
            Some(number) => Ok(Some(*number)),
            None => self.index.number(id),
        }
    }

    pub(crate) fn find(&self, id: &str) -> Result<u64, Error> {
        let number = self.number(&self.executions(), id)?;
        number.ok_or_else(|| Error::ExecutionDoesNotExist { id: id.to_owned() })
    }

    /// What the log says of the engine.
    pub(crate) fn key_record(&self) -> Record {
        let next = self.next.load(Ordering::Relaxed).to_le_bytes();
        let bytes = self.common.key.to_bytes().into_iter().chain(next).collect();
        Record { execution: ENGINE, bytes }
    }

    /// How an execution stands, for those who wait for it.
    pub(crate) fn subscribe(&self, number: u64) -> Result<watch::Receiver<State>, Error> {
        let row = {
            let mut executions = self.executions();
            if let Some(known) = executions.live.get(&number) {
                return Ok(known.state.subscribe());
            }
            let row = self.row(&executions, number)?.ok_or_else(missing_row)?;
            if let Some(why) = executions.misfits.get(&number) {
                return Ok(watch::Sender::new(State::Misfit(why.clone())).subscribe());
            }
            if row.standing.status() == Status::Running {
                executions.may_begin()?;
                let waited = executions.waited.entry(number);
                let new = || watch::Sender::new(State::Running);
                return Ok(waited.or_insert_with(new).subscribe());
            }
            row
        };
        let outcome = self.outcome(&row)?.ok_or_else(missing_row)?;
        Ok(watch::Sender::new(State::Ended(outcome)).subscribe())
    }

    pub(crate) fn describe(&self, number: u64) -> Result<Description, Error> {
        let (row, misfit) = {
            let executions = self.executions();
            if let Some(known) = executions.live.get(&number) {
                return Ok(known.describe());
            }
            let row = self.row(&executions, number)?.ok_or_else(missing_row)?;
            (row, executions.misfits.get(&number).cloned())
        };
        let again = || self.row(&self.executions(), number)?.ok_or_else(missing_row);
        let progress = read_moved(&row, again, |row| self.read(row))?;
        let end = progress.end.map(|end| (end.outcome, end.time));
        Ok(describe(&row, &progress.input, end.as_ref(), misfit.as_ref()))
    }

    /// A page of executions, from the one that was started last on.
    pub(crate) fn list(&self, list: &List) -> Result<Page, Error> {
        let before = list.after.as_ref().map(|id| self.find(id)).transpose()?;
        // What is in memory is in the index then, too.
        self.write_index(true)?;
        let mut executions = Vec::new();
        let mut next = None;
        self.index.each_back(list.status, before, |_, row| {
            if list.workflow.as_ref().is_some_and(|name| row.workflow() != name.as_str()) {
                return false;
            }
            if executions.len() == list.most {
                next = executions.last().map(|last: &ListItem| last.id.clone());
                return true;
            }
            executions.push(row.listed());
            false
        })?;
        Ok(Page { executions, next })
    }

    /// Stops an execution, and returns once that is durable. One that has ended stays as it is.
    pub(crate) async fn stop(self: &Arc<Self>, number: u64, failure: Failure) -> Result<(), Error> {
        loop {
            match self.stop_once(number, &failure).await {
                // It was found not to fit: nothing drives it now.
                Err(Error::WorkflowChanged(_)) => {}
                stopped => return stopped,
            }
        }
    }

    async fn stop_once(self: &Arc<Self>, number: u64, failure: &Failure) -> Result<(), Error> {
        loop {
            match self.live(number).await {
                // It has ended.
                Err(Error::TaskToken(_)) => return Ok(()),
                Err(error) => return Err(error),
                Ok(run) if run.stop(failure) => break,
                // It has left memory in between.
                Ok(_) => tokio::task::yield_now().await,
            }
        }
        let mut state = self.subscribe(number)?;
        {
            let mut executions = self.executions();
            let known = executions.live.get_mut(&number);
            if let Some(known) = known.filter(|known| known.task.is_none()) {
                self.abort(number, known, failure.clone());
            }
        }
        ended(&mut state).await.map(drop)
    }

    /// Goes on with an execution that has failed, from the states that failed.
    pub(crate) async fn redrive(self: &Arc<Self>, number: u64, id: &str) -> Result<(), Error> {
        let not_redrivable = || Error::ExecutionNotRedrivable { id: id.to_owned() };
        self.common.journal.room().await;
        let _loading = self.loading.lock().await;
        let row = {
            let executions = self.executions();
            let row = match executions.live.contains_key(&number) {
                true => None,
                false => self.row(&executions, number)?,
            };
            let has_failed =
                |row: &Row| !matches!(row.standing.status(), Status::Running | Status::Succeeded);
            row.filter(has_failed).ok_or_else(not_redrivable)?
        };
        let mut progress = self.read(&row)?;
        if progress.events() + 1 >= self.common.event_limit {
            return Err(not_redrivable());
        }
        let entry = Entry { time: self.now(), scope: 0, event: Event::ExecutionRedriven };
        let entries = Entries::of(&entry);
        progress.apply(entry)?;
        let durable = {
            let mut executions = self.executions();
            self.admit(&mut executions)?;
            let heartbeats = executions.heartbeats(number);
            let coming = self.coming(number, row, progress, entries, heartbeats);
            self.drive(&mut executions, coming)?
        };
        Ok(durable.await?)
    }

    /// Whether a payload is small enough.
    pub(crate) fn fits(&self, payload: &Text) -> Result<(), String> {
        let (size, limit) = (payload.as_str().len(), self.common.payload_limit);
        if size > limit {
            Err(format!("it has {size} bytes, and may have {limit}"))
        } else {
            Ok(())
        }
    }

    /// The history of an execution.
    pub(crate) fn history(&self, number: u64) -> Result<Vec<HistoryEvent>, Error> {
        let row = || {
            let executions = self.executions();
            let written = self.written.lock();
            let live = executions.live.get(&number);
            let live = live.map(|known| known.row(written.of(number)));
            drop(written);
            match live {
                Some(row) => Ok(row),
                None => self.row(&executions, number)?.ok_or_else(missing_row),
            }
        };
        Ok(read_moved(&row()?, row, |row| self.tell_history(row))?)
    }

    fn tell_history(&self, row: &Row) -> Result<Vec<HistoryEvent>, StoreError> {
        let definition = self.workflows.get(row.workflow()).map(|known| known.definition);
        let mut history = HistoryBuilder::new(definition, &row.id, self.identity.as_ref());
        for position in row.positions() {
            let record = self.store.read(position)?;
            let entries = decode(&record.bytes)?;
            entries.iter().for_each(|entry| history::tell(&mut history, entry));
        }
        Ok(history.finish())
    }

    /// Leaves everything where it is, as a crash does.
    #[cfg(test)]
    pub(crate) async fn crash(self: &Arc<Self>) {
        self.stop_driving().await;
        self.common.journal.close().await;
    }

    /// Ends the engine: no task begins any more, those under way are waited for, and executions stop where they are then.
    pub(crate) async fn shut_down(self: &Arc<Self>, grace: Duration) {
        self.common.under_way.end_within(grace).await;
        self.stop_driving().await;
        self.common.journal.close().await;
        let engine = Arc::clone(self);
        // What is not in the index is made again from the log.
        let _ = tokio::task::spawn_blocking(move || engine.write_index(true)).await;
    }

    /// Ends what runs beside the executions, and leaves these where they are.
    async fn stop_driving(&self) {
        let beside =
            std::mem::take(&mut *self.beside.lock().unwrap_or_else(PoisonError::into_inner));
        beside.iter().for_each(JoinHandle::abort);
        let driven: Vec<_> = {
            let mut executions = self.executions();
            executions.closed.get_or_insert_with(shut_down);
            executions
                .waited
                .values()
                .for_each(|state| drop(state.send_replace(State::Broken(shut_down()))));
            executions.live.values_mut().filter_map(Known::leave).collect()
        };
        for task in driven.into_iter().chain(beside) {
            // It was cancelled, or has ended.
            let _ = task.await;
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // What is queued holds its execution, and that the journal: where nothing is written any more, they would stay.
        self.common.journal.fail(&shut_down());
    }
}

/// Reads what there is of an execution, once more where it has been moved meanwhile.
fn read_moved<T>(
    row: &Row,
    again: impl FnOnce() -> Result<Row, StoreError>,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    read(row).or_else(|error| {
        let moved = again()?;
        if moved == *row { Err(error) } else { read(&moved) }
    })
}

pub(crate) fn missing_row() -> StoreError {
    StoreError::damaged("the index has no row of an execution that it names")
}
