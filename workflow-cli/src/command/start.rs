//! `start`: starts an execution.

use std::ffi::OsString;

use clap::Args;

use super::print;
use crate::ask::{Store, Who, rehearse};
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Request, Response};
use crate::terminal::note;

/// Starts an execution.
#[derive(Debug, Clone, Args)]
pub struct Start {
    /// The input: JSON, a file of JSON, or `-` for standard input.
    #[arg(allow_negative_numbers = true)]
    input: OsString,

    /// The name of the execution: letters, digits, hyphens and underscores, 80 at most.
    ///
    /// Without it, it is named after its input where the program says how, and else at random. An execution that runs with the
    /// same name and the same input is not started again.
    #[arg(short, long)]
    name: Option<String>,

    /// The workflow, where the program has several.
    #[arg(short, long)]
    workflow: Option<String>,

    #[command(flatten)]
    data: DataDirectory,
}

impl Start {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let workflow = program.choose(self.workflow.as_deref())?;
        let input = program.read(workflow, &self.input)?;
        let name = self.name.clone().or(input.name);
        let name = name.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let request =
            Request::StartExecution { workflow: workflow.to_owned(), name, input: input.json };
        rehearse(program, request.clone()).await?;
        let store = Store::find_or_make(program, &self.data)?;
        let (response, who) = store.ask(request).await?;
        if let Response::Started { execution } = response {
            print(&format!("{}\n", program.short(&execution)))?;
        }
        goes_on_later(program, who);
        Ok(())
    }
}

/// Says what has to be done for an execution to go on.
pub(super) fn goes_on_later(program: &Program, who: Who) {
    if who == Who::Nobody {
        note(&format!("nobody works on it yet: it goes on with `{} work`", program.name()));
    }
}
