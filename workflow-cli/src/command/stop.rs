//! `stop`: stops an execution.

use clap::Args;

use crate::ask::Store;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::Request;

/// Stops an execution.
#[derive(Debug, Clone, Args)]
pub struct Stop {
    /// The execution: its name, or its id, as in `Orders:order-1`.
    execution: String,

    /// The name of the error that it is stopped with.
    #[arg(long, default_value = "", hide_default_value = true)]
    error: String,

    /// Why it is stopped, for a person.
    #[arg(long, default_value = "", hide_default_value = true)]
    cause: String,

    #[command(flatten)]
    data: DataDirectory,
}

impl Stop {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let Self { execution, error, cause, data } = self.clone();
        let request = Request::StopExecution { execution, error, cause };
        Store::find(program, &data)?.ask(request).await.map(drop)
    }
}
