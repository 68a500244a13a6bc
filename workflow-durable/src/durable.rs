//! The handle to an engine, and to an execution of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use workflow_core::{Data, HistoryEvent, Json, TaskTokenError, Workflow};

use crate::builder::Builder;
use crate::description::{Description, List, Page};
use crate::engine::Engine;
use crate::entry::{Failure, Text};
use crate::error::Error;
use crate::history::HistoryPage;
use crate::known::ended;
use crate::progress::Outcome;
use crate::store::{Store, StoreError};

/// A durable engine. A clone is a handle to the same one.
#[derive(Clone)]
pub struct Durable {
    engine: Arc<Engine>,
}

impl fmt::Debug for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Durable")
            .field("workflows", &self.engine.workflows.keys())
            .finish_non_exhaustive()
    }
}

impl Durable {
    pub(crate) const fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    #[cfg(test)]
    pub(crate) const fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Registers workflows for an engine on a store.
    #[must_use]
    pub fn builder(store: impl Store) -> Builder {
        Builder::new(Arc::new(store))
    }

    /// Starts an execution. When this returns, it is in the store, and runs to its end whatever happens to the process.
    ///
    /// A name is unique among the executions of a workflow. One that runs with the same name and the same input is the one that
    /// is given back.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidName`], [`Error::InvalidExecutionInput`], [`Error::ExecutionAlreadyExists`], [`Error::ExecutionLimitExceeded`],
    /// [`Error::StateMachineDoesNotExist`], and [`Error::Store`] when it
    /// may not be durable.
    pub async fn start<W: Workflow>(&self, name: &str, input: &W::Input) -> Result<Handle, Error> {
        let input =
            Text::of(input).map_err(|error| Error::InvalidExecutionInput(error.to_string()))?;
        let (number, id) = self.engine.start(W::DEFINITION.name, name, input).await?;
        Ok(self.handle(number, id))
    }

    /// Starts an execution of a workflow by its name, with an input as JSON.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start); [`Error::InvalidExecutionInput`] when the workflow takes another input.
    pub async fn start_json(
        &self,
        workflow: &str,
        name: &str,
        input: &Json,
    ) -> Result<Handle, Error> {
        let input = self.engine.input(workflow, input)?;
        let (number, id) = self.engine.start(workflow, name, input).await?;
        Ok(self.handle(number, id))
    }

    /// Finds an execution by its id: the names of the workflow and of the execution, with a colon between.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionDoesNotExist`].
    pub async fn execution(&self, id: &str) -> Result<Handle, Error> {
        let number = self.engine.find(id)?;
        Ok(self.handle(number, id.into()))
    }

    fn handle(&self, number: u64, id: Arc<str>) -> Handle {
        Handle { engine: Arc::clone(&self.engine), number, id }
    }

    /// Lists executions, those that were started last first.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionDoesNotExist`] when there is no such page.
    pub async fn list(&self, list: &List) -> Result<Page, Error> {
        self.engine.list(list)
    }

    /// Ends a task that waits for its task token, with its result. When this returns, that is in the store. AWS's `SendTaskSuccess`.
    ///
    /// The task may still be under way that was given the token: its state goes on once that has ended.
    ///
    /// # Errors
    ///
    /// [`Error::TaskToken`] when the token is not taken, or the state takes an output of another type; [`Error::StateMachineDoesNotExist`];
    /// [`Error::WorkflowChanged`]; [`Error::Store`] when it may not be durable.
    pub async fn send_task_success(&self, token: &str, output: &impl Data) -> Result<(), Error> {
        let output =
            Text::of(output).map_err(|error| TaskTokenError::InvalidOutput(error.to_string()))?;
        self.engine.send(token, Ok(output)).await
    }

    /// Fails a task that waits for its task token. When this returns, that is in the store. AWS's `SendTaskFailure`.
    ///
    /// # Errors
    ///
    /// As [`send_task_success`](Self::send_task_success).
    pub async fn send_task_failure(
        &self,
        token: &str,
        error: &str,
        cause: &str,
    ) -> Result<(), Error> {
        let failure = Failure { error: error.to_owned(), cause: cause.to_owned() };
        self.engine.send(token, Err(failure)).await
    }

    /// Says that a task is alive that waits for its task token: the `heartbeat` of its state begins anew. AWS's `SendTaskHeartbeat`.
    ///
    /// # Errors
    ///
    /// As [`send_task_success`](Self::send_task_success).
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), Error> {
        self.engine.beat(token).await
    }

    /// Shuts the engine down: nothing is started any more and no task begins, those under way have a time of grace to end in, and
    /// then executions stop where they are. When this returns, all that has happened is in the store. The executions go on when it
    /// is opened again; a task that took longer runs again then.
    pub async fn shut_down(&self, grace: Duration) {
        self.engine.shut_down(grace).await;
    }
}

/// An execution: what can be asked of it.
#[derive(Clone)]
pub struct Handle {
    engine: Arc<Engine>,
    number: u64,
    id: Arc<str>,
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
    /// [`Error::Store`] when it cannot be read.
    pub async fn describe(&self) -> Result<Description, Error> {
        self.engine.describe(self.number)
    }

    /// Returns what has happened, in AWS's event types. AWS's `GetExecutionHistory`.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it cannot be read.
    pub async fn history(&self) -> Result<Vec<HistoryEvent>, Error> {
        self.engine.history(self.number)
    }

    /// Returns a page of what has happened: so many events at most, after the one with this id, or from the first.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it cannot be read.
    pub async fn history_page(&self, after: u64, most: usize) -> Result<HistoryPage, Error> {
        let events = self.engine.history(self.number)?;
        let first = usize::try_from(after).unwrap_or(usize::MAX);
        let mut rest = events.into_iter().skip(first);
        let events: Vec<HistoryEvent> = rest.by_ref().take(most).collect();
        let next = rest.next().and(events.last()).map(|last| last.id);
        Ok(HistoryPage { events, next })
    }

    /// Waits for the end of the execution, and returns its output.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionFailed`] with what it failed with, or was stopped with; [`Error::WorkflowChanged`]; [`Error::Store`] when what happens
    /// may not be durable.
    pub async fn output<W: Workflow>(&self) -> Result<W::Output, Error> {
        match ended(&mut self.engine.subscribe(self.number)?).await? {
            Outcome::Succeeded(output) => serde_json::from_str(output.as_str()).map_err(|error| {
                let message = format!("the stored output is of another type: {error}");
                StoreError::unavailable(message).into()
            }),
            Outcome::Failed(failure) | Outcome::TimedOut(failure) | Outcome::Aborted(failure) => {
                Err(Error::ExecutionFailed(*failure.output()))
            }
        }
    }

    /// Waits for the end of the execution, and describes it.
    ///
    /// # Errors
    ///
    /// [`Error::WorkflowChanged`]; [`Error::Store`] when what happens may not be durable.
    pub async fn ended(&self) -> Result<Description, Error> {
        ended(&mut self.engine.subscribe(self.number)?).await?;
        self.describe().await
    }

    /// Stops the execution with an error and a cause. When this returns, that is in the store. One that has ended stays as it is.
    ///
    /// A task that is under way is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it may not be durable.
    pub async fn stop(&self, error: &str, cause: &str) -> Result<Description, Error> {
        let failure = Failure { error: error.to_owned(), cause: cause.to_owned() };
        self.engine.stop(self.number, failure).await?;
        self.describe().await
    }

    /// Goes on with an execution that has failed, timed out or been stopped, from the states that failed: with all their retries
    /// again. What has succeeded does not run again, in branches and items too.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutionNotRedrivable`] when it runs or has succeeded; [`Error::ExecutionLimitExceeded`]; [`Error::Store`] when it may not be durable.
    pub async fn redrive(&self) -> Result<(), Error> {
        self.engine.redrive(self.number, &self.id).await
    }
}
