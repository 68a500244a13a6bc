//! The commands. A file in `command/` has one: its arguments, and what it does.

mod describe;
mod history;
mod list;
mod redrive;
mod result;
mod start;
mod stop;
mod task;
mod work;

use std::io::{self, Write};

use clap::Subcommand;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use crate::failure::Failure;
use crate::program::Program;

pub use describe::Describe;
pub use history::History;
pub use list::List;
pub use redrive::Redrive;
pub use result::Outcome;
pub use start::Start;
pub use stop::Stop;
pub use task::{SendTaskFailure, SendTaskHeartbeat, SendTaskSuccess, Waiting};
pub use work::Work;

/// What a program that runs workflows can be told. A command line of clap's takes it among its own with `#[command(flatten)]`.
///
/// # Example
///
/// ```
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct CommandLine {
///     #[command(subcommand)]
///     command: Subcommand,
/// }
///
/// #[derive(clap::Subcommand)]
/// enum Subcommand {
///     #[command(flatten)]
///     Durable(workflow_cli::Command),
///     /// Greets nobody.
///     Rest,
/// }
///
/// let command_line = CommandLine::parse_from(["greetings", "list", "--limit", "10"]);
/// assert!(matches!(command_line.command, Subcommand::Durable(workflow_cli::Command::List(_))));
/// ```
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Starts an execution.
    Start(Start),
    /// Runs everything that is not finished, until it is told to stop.
    ///
    /// Meanwhile the other commands go through this process. On Ctrl-C and SIGTERM it takes no more work, lets the tasks under way
    /// end within the time of grace, and exits with 0: what is not finished goes on when it works again. A second signal ends it
    /// at once.
    Work(Work),
    /// Lists executions, those that were started last first.
    List(List),
    /// Describes an execution.
    Describe(Describe),
    /// Shows what has happened in an execution.
    History(History),
    /// Prints the output of an execution.
    ///
    /// The exit status is 1 where the execution has failed, with its error on standard error, and 3 where it still runs.
    Result(Outcome),
    /// Stops an execution, which can be redriven.
    Stop(Stop),
    /// Goes on with an execution that has failed, timed out or been stopped.
    ///
    /// It goes on from the states that failed, with all their retries again. What has succeeded does not run again.
    Redrive(Redrive),
    /// Ends a task that waits for its task token, with its result.
    SendTaskSuccess(SendTaskSuccess),
    /// Fails a task that waits for its task token.
    SendTaskFailure(SendTaskFailure),
    /// Says that a task is alive that waits for its task token.
    SendTaskHeartbeat(SendTaskHeartbeat),
}

impl Command {
    pub(crate) async fn run(&self, program: &Program) -> Result<(), Failure> {
        match self {
            Self::Start(start) => start.run(program).await,
            Self::Work(work) => work.run(program).await,
            Self::List(list) => list.run(program).await,
            Self::Describe(describe) => describe.run(program).await,
            Self::History(history) => history.run(program).await,
            Self::Result(result) => result.run(program).await,
            Self::Stop(stop) => stop.run(program).await,
            Self::Redrive(redrive) => redrive.run(program).await,
            Self::SendTaskSuccess(success) => success.run(program).await,
            Self::SendTaskFailure(failure) => failure.run(program).await,
            Self::SendTaskHeartbeat(heartbeat) => heartbeat.run(program).await,
        }
    }
}

/// Writes text to standard output.
fn print(text: &str) -> Result<(), Failure> {
    io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::output(&error))
}

/// Writes JSON to standard output, laid out as by the command line of AWS.
fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = Vec::new();
    let layout = PrettyFormatter::with_indent(b"    ");
    let written = value.serialize(&mut Serializer::with_formatter(&mut text, layout));
    written.map_err(|error| Failure::output(&error.into()))?;
    text.push(b'\n');
    io::stdout().write_all(&text).map_err(|error| Failure::output(&error))
}
