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
        let response = if self.wait {
            self.ended(&store, program).await?
        } else {
            let execution = self.execution.clone();
            store.ask(Request::DescribeExecution { execution }).await?.0
        };
        let Response::Execution(execution) = response else { return Ok(()) };
        match (&execution.output, execution.listed.status.0) {
            (Some(output), _) => print(&format!("{output}\n")),
            (None, Status::Running) => {
                let name = program.short(&execution.listed.execution_arn);
                Err(Failure::running(format!("`{name}` still runs: `--wait` waits for its end")))
            }
            (None, _) => Err(Failure::failed(failed(&execution))),
        }
    }

    /// Waits for the end, whoever works: also where nobody does yet, and where who did has ended.
    async fn ended(&self, store: &Store<'_>, program: &Program) -> Result<Response, Failure> {
        let execution = self.execution.clone();
        let now = Request::DescribeExecution { execution: execution.clone() };
        let at_its_end = Request::AwaitExecution { execution };
        let (mut looks, mut has_said) = (FIRST_LOOK, false);
        loop {
            let response = store.ask_if_free(&now).await?;
            if let Some(response) = response.filter(has_ended) {
                return Ok(response);
            }
            for _ in 0..looks {
                if let Reached::Answered(answer) = store.ask_worker(&at_its_end).await? {
                    return answer;
                }
                if !has_said {
                    let name = program.name();
                    note(&format!("nobody works on it: waiting for `{name} work`"));
                    has_said = true;
                }
                sleep(PAUSE).await;
            }
            looks = (looks * 2).min(LAST_LOOK);
        }
    }
}

fn has_ended(response: &Response) -> bool {
    matches!(response, Response::Execution(execution) if execution.listed.status.0 != Status::Running)
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
