//! The executions that an engine has in memory, and how each stands for those who wait for it.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use workflow_core::Heartbeat;

use crate::description::{Description, Status};
use crate::entry::{Text, timestamp};
use crate::error::Error;
use crate::index::{Row, Standing};
use crate::journal::shut_down;
use crate::progress::Outcome;
use crate::rest::Heartbeats;
use crate::run::Run;
use crate::store::{Position, StoreError};

/// The executions that are in memory, and what of the others is not in the index yet.
#[derive(Default)]
pub(crate) struct Executions {
    /// Those that are in memory.
    pub(crate) live: HashMap<u64, Known>,
    /// What is newer than the index.
    pub(crate) changed: HashMap<u64, Arc<Row>>,
    /// The numbers of both, by id.
    pub(crate) ids: HashMap<Arc<str>, u64>,
    /// When those are woken that are changed.
    pub(crate) wakes: BTreeSet<(i64, u64)>,
    /// When those that wait in the store for task tokens were last told to be alive, by their machines.
    pub(crate) silences: HashMap<u64, Vec<(u32, Instant)>>,
    /// Those that somebody waits for although they are not in memory.
    pub(crate) waited: HashMap<u64, watch::Sender<State>>,
    /// Why executions are not driven that are stored under another definition of their workflow.
    pub(crate) misfits: HashMap<u64, String>,
    /// How often some were forgotten that are in the index.
    pub(crate) forgotten: u64,
    /// How many have not ended.
    pub(crate) open: usize,
    /// Why nothing comes into memory any more.
    pub(crate) closed: Option<StoreError>,
    /// Whether the key of task tokens is in the store.
    pub(crate) has_key: bool,
}

/// An execution that is in memory.
pub(crate) struct Known {
    /// What was known of it when it came into memory.
    row: Row,
    input: Text,
    pub(crate) state: watch::Sender<State>,
    pub(crate) run: Arc<Run>,
    /// What drives it, where anything does.
    pub(crate) task: Option<JoinHandle<()>>,
}

/// How an execution stands, as those see it who wait for it.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Running,
    Ended(Outcome),
    /// What is stored does not fit its workflow.
    Misfit(String),
    /// What happens may not be durable: it goes on when the store is opened again.
    Broken(StoreError),
}

/// How what drives an execution comes to an end.
pub(crate) enum Driven {
    Ended {
        outcome: Outcome,
        time: i64,
    },
    /// It waits, and leaves memory until a time, or until somebody comes for it.
    Parked(Option<i64>),
    /// What is stored does not fit its workflow.
    Misfit(String),
    Broken(StoreError),
}

impl Executions {
    /// Whether executions come into memory still.
    ///
    /// # Errors
    ///
    /// When the engine is shut down, or stands still.
    pub(crate) fn may_begin(&self) -> Result<(), StoreError> {
        self.closed.clone().map_or(Ok(()), Err)
    }

    /// Makes an execution known that is in memory.
    pub(crate) fn insert(&mut self, number: u64, known: Known) {
        self.ids.insert(Arc::clone(&known.row.id), number);
        self.live.insert(number, known);
    }

    /// Keeps the heartbeats of an execution that leaves memory.
    pub(crate) fn keep_heartbeats(&mut self, number: u64, heartbeats: &Heartbeats) {
        if !heartbeats.is_empty() {
            let silences =
                heartbeats.iter().map(|(machine, heartbeat)| (*machine, heartbeat.last()));
            self.silences.insert(number, silences.collect());
        }
    }

    /// The heartbeats of an execution that comes into memory.
    pub(crate) fn heartbeats(&mut self, number: u64) -> Heartbeats {
        let silences = self.silences.remove(&number).into_iter().flatten();
        silences.map(|(machine, last)| (machine, Heartbeat::since(last))).collect()
    }

    /// Makes an execution known that leaves memory, or has changed without coming there.
    pub(crate) fn change(&mut self, number: u64, row: Row) {
        if let Standing::Parked { until: Some(until) } = row.standing {
            self.wakes.insert((until, number));
        }
        self.ids.insert(Arc::clone(&row.id), number);
        self.changed.insert(number, Arc::new(row));
    }

    /// Forgets what is in the index now: the rows that have not changed since.
    pub(crate) fn written(&mut self, rows: &[(u64, Arc<Row>)]) {
        self.forgotten += 1;
        for (number, row) in rows {
            if !self.changed.get(number).is_some_and(|changed| Arc::ptr_eq(changed, row)) {
                continue;
            }
            self.changed.remove(number);
            if let Standing::Parked { until: Some(until) } = row.standing {
                self.wakes.remove(&(until, *number));
            }
            if !self.live.contains_key(number) {
                self.ids.remove(&row.id);
            }
        }
        self.waited.retain(|_, state| state.receiver_count() > 0);
    }
}

impl Known {
    pub(crate) fn new(row: Row, input: Text, run: Arc<Run>) -> Self {
        let state = watch::Sender::new(State::Running);
        Self { row: row.standing(Standing::Running, None), input, state, run, task: None }
    }

    pub(crate) fn workflow(&self) -> &str {
        self.row.workflow()
    }

    /// What the index is to know of it, with the records that were written since it came into memory.
    pub(crate) fn row(&self, written: &[Position]) -> Row {
        let mut row = self.row.clone().standing(Standing::Running, None);
        row.add(written);
        row
    }

    /// Takes another start with this input for the one that it was started with.
    ///
    /// # Errors
    ///
    /// When another execution is meant.
    pub(crate) fn start_again(&self, input: &Text) -> Result<(), Error> {
        match &*self.state.borrow() {
            State::Broken(error) => Err(error.clone().into()),
            State::Running | State::Misfit(_) | State::Ended(_) => {
                same(&self.row, &self.input, input)
            }
        }
    }

    /// Drives it, whoever waits for that.
    pub(crate) fn carry_on(&mut self, driven: impl Future<Output = ()> + Send + 'static) {
        self.task = Some(tokio::spawn(driven));
    }

    /// Leaves it where it is.
    pub(crate) fn leave(&mut self) -> Option<JoinHandle<()>> {
        self.state.send_if_modified(|state| {
            let is_left = matches!(state, State::Running);
            if is_left {
                *state = State::Broken(shut_down());
            }
            is_left
        });
        let task = self.task.take()?;
        task.abort();
        Some(task)
    }

    pub(crate) fn describe(&self) -> Description {
        describe(&self.row, &self.input, None, None)
    }
}

/// Takes another start of an execution that runs for the one that it was started with.
///
/// # Errors
///
/// When another input is given.
pub(crate) fn same(row: &Row, started: &Text, input: &Text) -> Result<(), Error> {
    if row.standing.status() == Status::Running && started == input {
        return Ok(());
    }
    Err(Error::ExecutionAlreadyExists { name: row.name().to_owned() })
}

/// Describes an execution by its row, its input, how it has ended, and why it is not driven.
pub(crate) fn describe(
    row: &Row,
    input: &Text,
    end: Option<&(Outcome, i64)>,
    misfit: Option<&String>,
) -> Description {
    let (mut output, mut error) = (None, None);
    match end {
        Some((Outcome::Succeeded(text), _)) => output = Some(text.as_str().to_owned()),
        Some((
            Outcome::Failed(failure) | Outcome::TimedOut(failure) | Outcome::Aborted(failure),
            _,
        )) => error = Some(*failure.output()),
        None => {}
    }
    Description {
        id: row.id.to_string(),
        workflow: row.workflow().to_owned(),
        name: row.name().to_owned(),
        status: end.map_or(Status::Running, |(outcome, _)| Status::of(outcome)),
        started: timestamp(row.started),
        stopped: end.map(|(_, time)| timestamp(*time)),
        input: input.as_str().to_owned(),
        output,
        error,
        misfit: misfit.cloned(),
    }
}

/// Waits for the end of an execution, and returns its outcome.
pub(crate) async fn ended(state: &mut watch::Receiver<State>) -> Result<Outcome, Error> {
    match &*state
        .wait_for(|state| !matches!(state, State::Running))
        .await
        .map_err(|_| shut_down())?
    {
        State::Ended(outcome) => Ok(outcome.clone()),
        State::Misfit(why) => Err(Error::WorkflowChanged(why.clone())),
        State::Broken(error) => Err(error.clone().into()),
        State::Running => unreachable!("it is waited for that it runs no more"),
    }
}

/// The id of an execution.
pub(crate) fn id(workflow: &str, name: &str) -> Arc<str> {
    [workflow, ":", name].concat().into()
}
