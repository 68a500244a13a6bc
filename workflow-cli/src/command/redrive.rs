//! `redrive`: goes on with an execution that has failed.

use clap::Args;

use super::start::goes_on_later;
use crate::ask::Store;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::Request;

/// Goes on with an execution that has failed, timed out or been stopped.
#[derive(Debug, Clone, Args)]
pub struct Redrive {
    /// The execution: its name, or its id, as in `Orders:order-1`.
    execution: String,

    #[command(flatten)]
    data: DataDirectory,
}

impl Redrive {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let request = Request::RedriveExecution { execution: self.execution.clone() };
        let (_, who) = Store::find(program, &self.data)?.ask(request).await?;
        goes_on_later(program, who);
        Ok(())
    }
}
