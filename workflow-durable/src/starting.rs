//! How an execution starts: under a name that is free, or as the one that has it already.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::description::Status;
use crate::driving::Coming;
use crate::engine::{Engine, missing_row};
use crate::entry::{Entries, Entry, Event, Text};
use crate::error::Error;
use crate::index::Row;
use crate::journal::{Durable, shut_down};
use crate::known::{Executions, id, same};
use crate::progress::Progress;
use crate::rest::Heartbeats;
use crate::store::StoreError;

/// An execution that is started.
struct Started {
    number: u64,
    /// Whether there was none of its id.
    is_new: bool,
    /// Tells when its beginning is durable.
    durable: Durable,
}

impl Engine {
    /// Starts an execution, and returns its number and its id once it is durable.
    pub(crate) async fn start(
        self: &Arc<Self>,
        workflow: &str,
        name: &str,
        input: Text,
    ) -> Result<(u64, Arc<str>), Error> {
        self.check(workflow, name, &input)?;
        self.common.journal.room().await;
        let id = id(workflow, name);
        let new = || self.new_execution(&id, &input);
        let Started { number, is_new, durable } = self.find_or_begin(&id, &input, new)?;
        if !is_new {
            self.common.journal.write();
        }
        let durable = durable.await;
        if is_new && durable.is_err() && self.written.lock().of(number).is_empty() {
            let mut executions = self.executions();
            executions.open -= usize::from(executions.live.remove(&number).is_some());
            executions.ids.remove(&*id);
        }
        durable?;
        Ok((number, id))
    }

    /// Begins an execution, unless there is one of its id.
    fn find_or_begin(
        self: &Arc<Self>,
        id: &str,
        input: &Text,
        new: impl Fn() -> Result<Coming, Error>,
    ) -> Result<Started, Error> {
        let (known, forgotten) = self.look_up(id)?;
        // Made before the executions are locked, since those who start others would wait for that.
        let coming = known.is_none().then(&new).transpose()?;
        let mut executions = self.executions();
        let known = match known {
            None if executions.forgotten == forgotten => executions.ids.get(id).copied(),
            _ => self.number(&executions, id)?,
        };
        let Some(number) = known else {
            let coming = coming.map_or_else(new, Ok)?;
            let number = coming.number();
            let durable = self.begin(&mut executions, coming)?;
            return Ok(Started { number, is_new: true, durable });
        };
        self.start_again(&executions, number, input)?;
        // Queued behind the record that the execution begins with.
        Ok(Started { number, is_new: false, durable: self.common.journal.all() })
    }

    /// Takes another start of an execution for the one that it was started with.
    fn start_again(&self, executions: &Executions, number: u64, input: &Text) -> Result<(), Error> {
        if let Some(known) = executions.live.get(&number) {
            return known.start_again(input);
        }
        let row = self.row(executions, number)?.ok_or_else(missing_row)?;
        // What has ended need not be read.
        let started = match row.standing.status() {
            Status::Running => self.read(&row)?.input,
            _ => input.clone(),
        };
        same(&row, &started, input)
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

    /// The number of an execution by its id, and how often executions were forgotten before it was looked for.
    fn look_up(&self, id: &str) -> Result<(Option<u64>, u64), StoreError> {
        let (known, forgotten) = {
            let executions = self.executions();
            (executions.ids.get(id).copied(), executions.forgotten)
        };
        let known = known.map_or_else(|| self.index.number(id), |number| Ok(Some(number)))?;
        Ok((known, forgotten))
    }

    /// Makes an execution, which has its number even if it does not begin.
    fn new_execution(&self, id: &Arc<str>, input: &Text) -> Result<Coming, Error> {
        let (time, number) = (self.now(), self.next.fetch_add(1, Ordering::Relaxed));
        let row = Row::new(Arc::clone(id), time);
        let (workflow, name) = (row.workflow().to_owned(), row.name().to_owned());
        let event = Event::ExecutionStarted { workflow, name, input: input.clone() };
        let first = Entry { time, scope: 0, event };
        let entries = Entries::of(&first);
        let progress = Progress::begin(first)?;
        Ok(self.coming(number, row, progress, entries, Heartbeats::default()))
    }

    /// Drives an execution that begins; returns what tells when it is durable.
    fn begin(
        self: &Arc<Self>,
        executions: &mut Executions,
        coming: Coming,
    ) -> Result<Durable, Error> {
        self.admit(executions)?;
        self.write_key(executions);
        Ok(self.drive(executions, coming)?)
    }

    /// Counts one more execution that has not ended.
    pub(crate) fn admit(&self, executions: &mut Executions) -> Result<(), Error> {
        executions.may_begin()?;
        if executions.open >= self.execution_limit {
            return Err(Error::ExecutionLimitExceeded);
        }
        executions.open += 1;
        Ok(())
    }

    /// Has the key of task tokens be in the store before the first execution.
    fn write_key(&self, executions: &mut Executions) {
        if !std::mem::replace(&mut executions.has_key, true) {
            // Whoever waits for what comes after is told of an error.
            drop(self.common.journal.queue(self.key_record()));
        }
    }
}

/// Whether a text can name an execution.
fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (1..=80).contains(&name.len()) && name.chars().all(is_letter)
}
