//! Which executions are in memory: those that wait for long leave it, and come back when their time has come, or somebody comes for them.
//! What is known of those that are not there goes into the index, some at a time.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::select;
use workflow_core::TaskTokenError;

use crate::description::Status;
use crate::engine::Engine;
use crate::entry::{Entries, timestamp};
use crate::error::Error;
use crate::index::{Mark, Row, Standing};
use crate::known::{Driven, Executions, State};
use crate::progress::{Outcome, Progress};
use crate::run::Run;
use crate::store::StoreError;

/// How long what has changed waits for more, before it is written to the index together.
const GATHERING: Duration = Duration::from_millis(100);

/// How many records the log may have behind the mark of the index: what is read when the store is opened.
const MOST_BEHIND: u64 = 200_000;

/// When it is tried again to bring an execution back that cannot be read, in milliseconds.
const LATER: i64 = 60_000;

/// How many executions come back into memory together.
const AT_ONCE: usize = 1_000;

impl Engine {
    /// Takes an execution out of memory that is not driven any more; one that stands still stays.
    pub(crate) fn settle(&self, number: u64, driven: Driven) {
        let mut executions = self.executions();
        if let Driven::Broken(error) = driven {
            if let Some(known) = executions.live.get(&number) {
                known.state.send_replace(State::Broken(error));
            }
            return;
        }
        let Some(known) = executions.live.remove(&number) else { return };
        let row = known.row(&self.written.lock().take(number));
        let told = match driven {
            Driven::Ended { outcome, time } => {
                executions.open -= 1;
                executions.misfits.remove(&number);
                let status = Status::of(&outcome);
                executions.change(number, row.standing(Standing::ended(status), Some(time)));
                Some(State::Ended(outcome))
            }
            Driven::Parked(until) => {
                executions.keep_heartbeats(number, &known.run.noted().heartbeats);
                executions.change(number, row.standing(Standing::Parked { until }, None));
                if known.state.receiver_count() > 0 {
                    executions.waited.insert(number, known.state.clone());
                }
                self.parked.notify_one();
                None
            }
            Driven::Misfit(why) => {
                executions.misfits.insert(number, why.clone());
                executions.change(number, row);
                Some(State::Misfit(why))
            }
            Driven::Broken(_) => None,
        };
        // Whoever is told may ask for the executions at once.
        drop(executions);
        told.into_iter().for_each(|state| drop(known.state.send_replace(state)));
        self.changed.notify_one();
    }

    /// The run of an execution that has not ended, which comes into memory if it is not there.
    ///
    /// # Errors
    ///
    /// When it has ended, stands still, or cannot be read.
    pub(crate) async fn live(self: &Arc<Self>, number: u64) -> Result<Arc<Run>, Error> {
        let _loading = self.loading.lock().await;
        let row = {
            let executions = self.executions();
            if let Some(known) = executions.live.get(&number) {
                return match &*known.state.borrow() {
                    State::Broken(error) => Err(error.clone().into()),
                    State::Running | State::Misfit(_) | State::Ended(_) => {
                        Ok(Arc::clone(&known.run))
                    }
                };
            }
            self.row(&executions, number)?
        };
        let row = row.filter(|row| row.standing.status() == Status::Running);
        let row = row.ok_or(TaskTokenError::TaskTimedOut)?;
        let progress = self.read(&row)?;
        Ok(self.bring_back(number, row, progress)?)
    }

    /// Brings an execution back into memory.
    fn bring_back(
        self: &Arc<Self>,
        number: u64,
        row: Row,
        progress: Progress,
    ) -> Result<Arc<Run>, StoreError> {
        let mut executions = self.executions();
        executions.may_begin()?;
        if let Standing::Parked { until: Some(until) } = row.standing {
            executions.wakes.remove(&(until, number));
        }
        // Were the process to end now, it would be looked at when the store is opened.
        let running = row.clone().standing(Standing::Running, None);
        executions.changed.insert(number, Arc::new(running));
        let heartbeats = executions.heartbeats(number);
        // Where it was to be moved and that came to nothing, its row is of what was before.
        drop(self.written.lock().take(number));
        let coming = self.coming(number, row, progress, Entries::default(), heartbeats);
        // What is wrong with the journal is seen by whatever is noted next.
        drop(self.drive(&mut executions, coming));
        let run = Arc::clone(&executions.live[&number].run);
        drop(executions);
        self.changed.notify_one();
        Ok(run)
    }

    /// What is known of an execution that is not in memory.
    pub(crate) fn row(
        &self,
        executions: &Executions,
        number: u64,
    ) -> Result<Option<Row>, StoreError> {
        match executions.changed.get(&number) {
            Some(row) => Ok(Some(Row::clone(row))),
            None => self.index.row(number),
        }
    }

    /// Reads how far an execution has come.
    pub(crate) fn read(&self, row: &Row) -> Result<Progress, StoreError> {
        let progress = Progress::read(&*self.store, row)?;
        progress.ok_or_else(|| StoreError::damaged("the execution is not in the store"))
    }

    /// Has executions leave memory that wait for long, as long as there are any.
    pub(crate) async fn tire(self: Arc<Self>) {
        loop {
            tokio::time::sleep(self.park_after).await;
            let live: Vec<_> = {
                let executions = self.executions();
                let driven = executions.live.values().filter(|known| known.task.is_some());
                let registered = driven.filter_map(|known| {
                    Some((self.workflows.get(known.workflow())?, Arc::clone(&known.run)))
                });
                registered.collect()
            };
            let now = self.now();
            for (registered, run) in &live {
                run.tire(registered.definition, now, self.park_after);
            }
            if live.is_empty() {
                self.begun.notified().await;
            }
        }
    }

    /// Brings executions back into memory whose time has come.
    pub(crate) async fn wake(self: Arc<Self>) {
        loop {
            let until = self.next_wake();
            let now = self.now();
            match until {
                Some(until) if until <= now => self.wake_due(now).await,
                Some(until) => {
                    let left = timestamp(until).duration_since(timestamp(now));
                    let sleep = tokio::time::sleep(left.unsigned_abs());
                    select(pin!(sleep), pin!(self.parked.notified())).await;
                }
                None => self.parked.notified().await,
            }
        }
    }

    fn next_wake(&self) -> Option<i64> {
        let changed = self.executions().wakes.first().map(|(time, _)| *time);
        // What cannot be read now is tried again when the next execution is parked.
        let indexed = self.index.next_wake().ok().flatten();
        changed.into_iter().chain(indexed).min()
    }

    async fn wake_due(self: &Arc<Self>, now: i64) {
        let changed: Vec<u64> = {
            let executions = self.executions();
            let due = executions.wakes.range(..=(now, u64::MAX)).take(AT_ONCE);
            due.map(|(_, number)| *number).collect()
        };
        let indexed = self.index.due(now, AT_ONCE).unwrap_or_default();
        for number in changed.into_iter().chain(indexed) {
            if !self.is_registered(number) {
                self.put_off(number, Standing::Running);
            } else if self.live(number).await.is_err() {
                // What cannot be read now may be so later; whoever asks for it is told why.
                let until = Some(now.saturating_add(LATER));
                self.put_off(number, Standing::Parked { until });
            }
        }
        // So that those are not found again that are in memory now.
        let engine = Arc::clone(self);
        let _ = tokio::task::spawn_blocking(move || engine.write_index(false)).await;
    }

    fn is_registered(&self, number: u64) -> bool {
        let row = self.row(&self.executions(), number).ok().flatten();
        row.is_some_and(|row| self.workflows.contains_key(row.workflow()))
    }

    /// Does not wake an execution now, but as it is to stand.
    fn put_off(&self, number: u64, standing: Standing) {
        let mut executions = self.executions();
        let Ok(Some(row)) = self.row(&executions, number) else { return };
        if let Standing::Parked { until: Some(until) } = row.standing {
            executions.wakes.remove(&(until, number));
            executions.change(number, row.standing(standing, None));
        }
    }

    /// Brings the index up to date, whenever something has changed.
    pub(crate) async fn keep_index(self: Arc<Self>) {
        loop {
            self.changed.notified().await;
            tokio::time::sleep(GATHERING).await;
            let engine = Arc::clone(&self);
            // What cannot be written now is written with the next.
            let _ = tokio::task::spawn_blocking(move || {
                let is_behind = engine.written.lock().since_mark() > MOST_BEHIND;
                engine.write_index(is_behind)
            })
            .await;
        }
    }

    /// Writes what has changed to the index; all of it with a mark, from which on the log is read when the store is opened.
    pub(crate) fn write_index(&self, is_marked: bool) -> Result<(), StoreError> {
        let _writing = self.indexing.lock().unwrap_or_else(PoisonError::into_inner);
        let (rows, mark) = self.unwritten(is_marked);
        if rows.is_empty() && mark.is_none() {
            return Ok(());
        }
        if let Err(error) = self.index.write(&rows, mark.as_ref()) {
            self.fail(&error);
            return Err(error);
        }
        self.executions().written(&rows);
        Ok(())
    }

    /// Has everything stand still: the database of the index takes nothing any more once a write of it has failed, and nothing is woken
    /// without it. Both are made anew when the store is opened again.
    fn fail(&self, error: &StoreError) {
        self.common.journal.fail(error);
        let mut executions = self.executions();
        executions.closed.get_or_insert_with(|| error.clone());
        for state in executions.waited.values() {
            state.send_replace(State::Broken(error.clone()));
        }
    }

    fn unwritten(&self, is_marked: bool) -> (Vec<(u64, Arc<Row>)>, Option<Mark>) {
        let executions = self.executions();
        let changed = executions.changed.iter();
        let mut rows: Vec<_> = changed.map(|(number, row)| (*number, Arc::clone(row))).collect();
        let mut written = self.written.lock();
        let mut mark = None;
        if is_marked && let Some(last) = written.mark() {
            let live = executions.live.iter();
            let live =
                live.map(|(number, known)| (*number, Arc::new(known.row(written.of(*number)))));
            // One without a record is not in the store yet.
            rows.extend(live.filter(|(_, row)| row.positions().next().is_some()));
            let key = executions.has_key.then(|| self.common.key.to_bytes());
            mark = Some(Mark::new(last, self.next.load(Ordering::Relaxed), key));
        }
        drop((executions, written));
        // In the order of their keys they are written quicker; a later row of one execution replaces an earlier one.
        rows.sort_by_key(|(number, _)| *number);
        (rows, mark)
    }

    /// The outcome of an execution that has ended.
    pub(crate) fn outcome(&self, row: &Row) -> Result<Option<Outcome>, StoreError> {
        Ok(self.read(row)?.end.map(|end| end.outcome))
    }
}
