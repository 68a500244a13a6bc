//! `send-task-success` and its like: what is sent to a task that waits for its task token.

use std::ffi::OsString;

use clap::Args;
use workflow_core::Json;

use super::start::goes_on_later;
use crate::ask::Store;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::input;
use crate::program::Program;
use crate::request::Request;

/// A task that waits for its task token: the token, and where its execution is kept.
#[derive(Debug, Clone, Args)]
pub struct Waiting {
    /// The task token, as the task was given it.
    #[arg(allow_hyphen_values = true)]
    token: String,

    #[command(flatten)]
    data: DataDirectory,
}

impl Waiting {
    /// Ends the task with a result.
    pub(crate) async fn succeed(&self, program: &Program, output: Json) -> Result<(), Failure> {
        self.send(program, |token| Request::SendTaskSuccess { token, output }).await
    }

    async fn send(
        &self,
        program: &Program,
        request: impl FnOnce(String) -> Request,
    ) -> Result<(), Failure> {
        let request = request(self.token.clone());
        let (_, who) = Store::find(program, &self.data)?.ask(request).await?;
        goes_on_later(program, who);
        Ok(())
    }
}

/// Ends a task that waits for its task token, with its result.
#[derive(Debug, Clone, Args)]
pub struct SendTaskSuccess {
    #[command(flatten)]
    waiting: Waiting,

    /// The result: JSON, a file of JSON, or `-` for standard input.
    #[arg(allow_negative_numbers = true)]
    output: OsString,
}

impl SendTaskSuccess {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let output = input::read(&self.output, "a result")?;
        self.waiting.succeed(program, output).await
    }
}

/// Fails a task that waits for its task token.
#[derive(Debug, Clone, Args)]
pub struct SendTaskFailure {
    #[command(flatten)]
    waiting: Waiting,

    /// The name of the error, which retriers and catchers take.
    #[arg(long, default_value = "", hide_default_value = true)]
    error: String,

    /// What went wrong, for a person.
    #[arg(long, default_value = "", hide_default_value = true)]
    cause: String,
}

impl SendTaskFailure {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let Self { waiting, error, cause } = self.clone();
        waiting.send(program, |token| Request::SendTaskFailure { token, error, cause }).await
    }
}

/// Says that a task is alive that waits for its task token.
#[derive(Debug, Clone, Args)]
pub struct SendTaskHeartbeat {
    #[command(flatten)]
    waiting: Waiting,
}

impl SendTaskHeartbeat {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        self.waiting.send(program, |token| Request::SendTaskHeartbeat { token }).await
    }
}
