//! `result`: the output of an execution, now or when it has ended.

use std::time::Duration;

use clap::Args;
use tokio::time::sleep;
use workflow_durable::Status;

use super::print;
use crate::ask::Store;
use crate::aws::Execution;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Request, Response};
use crate::socket::Reached;
use crate::terminal::note;

/// Prints the output of an execution.
///
/// The exit status is 1 where the execution has failed, with its error on standard error, and 3 where it still runs.
#[derive(Debug, Clone, Args)]
pub struct Outcome {
    /// The execution: its name, or its id, as in `Orders:order-1`.
    execution: String,

    /// Waits until the execution has ended.
    #[arg(short, long)]
    wait: bool,

    #[command(flatten)]
    data: DataDirectory,
}

/// How long it waits before it looks again whether somebody works.
const PAUSE: Duration = Duration::from_millis(100);

/// How often it looks for a process that works for each time that it looks into the store: at first.
const FIRST_LOOK: u32 = 2;

/// The same, in the end.
const LAST_LOOK: u32 = 50;

impl Outcome {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let store = Store::find(program, &self.data)?;
        let execution =
            if self.wait { self.ended(&store, program).await } else { self.now(&store).await };
        let execution = execution?;
        match (&execution.output, execution.listed.status.0) {
            (Some(output), _) => print(&format!("{output}\n")),
            (None, Status::Running) => {
                let name = program.short(&execution.listed.execution_arn);
                Err(Failure::running(format!("`{name}` still runs: `--wait` waits for its end")))
            }
            (None, _) => Err(Failure::failed(failed(&execution))),
        }
    }

    async fn now(&self, store: &Store<'_>) -> Result<Execution, Failure> {
        let request = Request::DescribeExecution { execution: self.execution.clone() };
        match store.ask(request).await?.0 {
            Response::Execution(execution) => Ok(*execution),
            other => Err(Failure::failed(format!("the answer is of another kind: {other:?}"))),
        }
    }

    /// Waits for the end, whoever works: also where nobody does yet, and where who did has ended.
    async fn ended(&self, store: &Store<'_>, program: &Program) -> Result<Execution, Failure> {
        let request = Request::AwaitExecution { execution: self.execution.clone() };
        let mut has_said = false;
        let mut every = FIRST_LOOK;
        loop {
            let now = self.now(store).await?;
            if now.listed.status.0 != Status::Running {
                return Ok(now);
            }
            for _ in 0..every {
                match store.ask_worker(&request).await? {
                    Reached::Answered(Ok(Response::Execution(execution))) => return Ok(*execution),
                    Reached::Answered(Err(failure)) => return Err(failure),
                    _ if has_said => {}
                    _ => {
                        has_said = true;
                        note(&format!("nobody works on it: waiting for `{} work`", program.name()));
                    }
                }
                sleep(PAUSE).await;
            }
            every = (every * 2).min(LAST_LOOK);
        }
    }
}

/// How an execution has ended that has no output.
fn failed(execution: &Execution) -> String {
    let listed = &execution.listed;
    let how = match listed.status.0 {
        Status::TimedOut => "took too long",
        Status::Aborted => "was stopped",
        _ => "failed",
    };
    let why = [&execution.error, &execution.cause].map(Option::as_deref);
    let why = why.into_iter().flatten().map(|text| format!(": {text}"));
    let (name, workflow) = (&listed.name, &listed.state_machine_arn);
    format!("execution {name} of `{workflow}` {how}{}", why.collect::<String>())
}
