//! The executions that an engine knows, and how each stands for those who wait for it.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use workflow_core::TaskTokenError;

use crate::description::{Description, ListItem, Status};
use crate::entry::{Text, timestamp};
use crate::error::Error;
use crate::journal::shut_down;
use crate::progress::{Outcome, Progress};
use crate::run::Run;
use crate::store::StoreError;

/// The executions, by id.
#[derive(Default)]
pub(crate) struct Executions {
    pub(crate) by_id: BTreeMap<String, Known>,
    pub(crate) ids: HashMap<u64, String>,
    /// The number of the next execution in the store.
    pub(crate) next: u64,
    /// Whether the key of task tokens is in the store.
    pub(crate) has_key: bool,
}

/// An execution that the engine knows.
pub(crate) struct Known {
    pub(crate) number: u64,
    pub(crate) workflow: String,
    name: String,
    input: Text,
    started: i64,
    pub(crate) state: Arc<watch::Sender<State>>,
    /// Where it has not ended: how it is driven.
    pub(crate) run: Option<Arc<Run>>,
    pub(crate) task: Option<JoinHandle<()>>,
    /// Whether it is read to be redriven.
    pub(crate) is_read: bool,
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

impl Executions {
    pub(crate) fn get(&self, id: &str) -> Result<&Known, Error> {
        self.by_id.get(id).ok_or_else(|| Error::ExecutionDoesNotExist { id: id.to_owned() })
    }

    pub(crate) fn by_number(&self, number: u64) -> Option<&Known> {
        self.by_id.get(self.ids.get(&number)?)
    }

    pub(crate) fn insert(&mut self, id: String, known: Known) {
        self.next = self.next.max(known.number + 1);
        self.ids.insert(known.number, id.clone());
        self.by_id.insert(id, known);
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Result<&mut Known, Error> {
        self.by_id.get_mut(id).ok_or_else(|| Error::ExecutionDoesNotExist { id: id.to_owned() })
    }
}

impl Known {
    pub(crate) fn new(number: u64, progress: &Progress, state: State) -> Self {
        Self {
            number,
            workflow: progress.workflow.clone(),
            name: progress.name.clone(),
            input: progress.input.clone(),
            started: progress.started,
            state: Arc::new(watch::Sender::new(state)),
            run: None,
            task: None,
            is_read: false,
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(*self.state.borrow(), State::Running)
    }

    /// Holds it to run.
    ///
    /// # Errors
    ///
    /// When it has ended, or stands still.
    pub(crate) fn runs(&self) -> Result<(), Error> {
        match &*self.state.borrow() {
            State::Running => Ok(()),
            State::Ended { .. } => Err(TaskTokenError::TaskTimedOut.into()),
            State::Broken(error) => Err(error.clone().into()),
        }
    }

    pub(crate) fn has_failed(&self) -> bool {
        matches!(&*self.state.borrow(), State::Ended { outcome, .. } if !matches!(outcome, Outcome::Succeeded(_)))
    }

    /// Takes another start with this input for the one that it was started with.
    ///
    /// # Errors
    ///
    /// When another execution is meant.
    pub(crate) fn start_again(&self, input: &Text) -> Result<(), Error> {
        match &*self.state.borrow() {
            State::Running if self.input == *input => Ok(()),
            State::Broken(error) => Err(error.clone().into()),
            State::Running | State::Ended { .. } => {
                Err(Error::ExecutionAlreadyExists { name: self.name.clone() })
            }
        }
    }

    /// Does what is left of it, whoever waits for that, and tells how it has ended.
    pub(crate) fn carry_on(&mut self, ending: impl Future<Output = State> + Send + 'static) {
        let state = Arc::clone(&self.state);
        self.task = Some(tokio::spawn(async move {
            let ended = ending.await;
            state.send_replace(ended);
        }));
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

    pub(crate) fn subscribe(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// In the order in which executions were started.
    pub(crate) const fn order(&self) -> (i64, u64) {
        (self.started, self.number)
    }

    pub(crate) fn listed(&self) -> ListItem {
        let Description { id, workflow, name, status, started, stopped, .. } = self.describe();
        ListItem { id, workflow, name, status, started, stopped }
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

/// Waits for the end of an execution, and returns its outcome.
pub(crate) async fn ended(state: &mut watch::Receiver<State>) -> Result<Outcome, Error> {
    match &*state
        .wait_for(|state| !matches!(state, State::Running))
        .await
        .map_err(|_| shut_down())?
    {
        State::Ended { outcome, .. } => Ok(outcome.clone()),
        State::Broken(error) => Err(error.clone().into()),
        State::Running => unreachable!("it is waited for that it runs no more"),
    }
}

/// The id of an execution.
pub(crate) fn id(workflow: &str, name: &str) -> String {
    format!("{workflow}:{name}")
}
