//! Task tokens that are sent back, and heartbeats: they find their executions, in memory or in the store.

use std::sync::Arc;

use workflow_core::{Definition, TaskTokenError, Visit};

use crate::engine::Engine;
use crate::entry::{Failure, Text};
use crate::error::Error;
use crate::run::Run;

impl Engine {
    /// Ends a task whose token is sent back, and returns once that is durable.
    pub(crate) async fn send(
        self: &Arc<Self>,
        token: &str,
        outcome: Result<Text, Failure>,
    ) -> Result<(), Error> {
        if let Ok(output) = &outcome {
            self.fits(output).map_err(TaskTokenError::InvalidOutput)?;
        }
        loop {
            let (run, definition, visit) = self.waiting(token).await?;
            match run.receive(self.now(), definition, visit, outcome.clone())? {
                true => return Ok(run.commit_received().await?),
                // It has left memory in between.
                false => tokio::task::yield_now().await,
            }
        }
    }

    /// Says that a task is alive that waits for its token.
    pub(crate) async fn beat(self: &Arc<Self>, token: &str) -> Result<(), Error> {
        loop {
            let (run, definition, visit) = self.waiting(token).await?;
            match run.beat(definition, visit)? {
                true => return Ok(()),
                // It has left memory in between.
                false => tokio::task::yield_now().await,
            }
        }
    }

    /// The execution that a task token is of, which runs, and the visit.
    async fn waiting(
        self: &Arc<Self>,
        token: &str,
    ) -> Result<(Arc<Run>, &'static Definition, Visit), Error> {
        let token = self.common.key.open(token).ok_or(TaskTokenError::InvalidToken)?;
        if let Some(why) = self.executions().misfits.get(&token.execution) {
            return Err(Error::WorkflowChanged(why.clone()));
        }
        let run = self.live(token.execution).await?;
        let definition = self.registered(&run.noted().progress.workflow)?.definition;
        Ok((run, definition, token.visit))
    }
}
