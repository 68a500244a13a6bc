//! `describe`: what is known of an execution.

use clap::Args;

use super::{print, print_json};
use crate::ask::Store;
use crate::aws::{Execution, Listed};
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Request, Response};
use crate::terminal::harmless;
use crate::time::{between, moment};

/// Describes an execution.
#[derive(Debug, Clone, Args)]
pub struct Describe {
    /// The execution: its name, or its id, as in `Orders:order-1`.
    execution: String,

    /// Writes JSON, as AWS's `describe-execution` does.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: DataDirectory,
}

impl Describe {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let store = Store::find(program, &self.data)?;
        let request = Request::DescribeExecution { execution: self.execution.clone() };
        let (Response::Execution(execution), _) = store.ask(request).await? else { return Ok(()) };
        if self.json { print_json(&execution) } else { print(&described(&execution)) }
    }
}

fn described(execution: &Execution) -> String {
    let Listed { execution_arn, state_machine_arn, name, status, start_date, stop_date } =
        &execution.listed;
    let stopped = stop_date.map(|stopped| {
        format!("{}, after {}", moment(stopped.0), between(start_date.0, stopped.0))
    });
    let lines = [
        ("Workflow", Some(state_machine_arn.clone())),
        ("Name", Some(name.clone())),
        ("Status", Some(status.0.to_string())),
        ("Started", Some(moment(start_date.0))),
        ("Stopped", stopped),
        ("Input", Some(execution.input.clone())),
        ("Output", execution.output.clone()),
        ("Error", execution.error.clone()),
        ("Cause", execution.cause.clone()),
        ("Misfit", execution.misfit.clone()),
    ];
    let lines = lines.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let lines = lines.map(|(name, text)| format!("  {name:<8}  {}\n", harmless(&text)));
    format!("{execution_arn}\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use workflow_core::{ErrorOutput, Timestamp};
    use workflow_durable::{Description, Status};

    use super::*;

    #[test]
    fn what_an_execution_has_not_is_left_out() {
        let time = |seconds| Timestamp::from_second(seconds).unwrap();
        let description = Description {
            id: "Orders:order-1".to_owned(),
            workflow: "Orders".to_owned(),
            name: "order-1".to_owned(),
            status: Status::Failed,
            started: time(1_764_105_543),
            stopped: Some(time(1_764_105_633)),
            input: r#"{"bookId":"7"}"#.to_owned(),
            output: None,
            error: Some(*ErrorOutput::new("Payment.Busy", "no answer\u{1b}[2J")),
            misfit: None,
        };
        let expected = "\
Orders:order-1
  Workflow  Orders
  Name      order-1
  Status    FAILED
  Started   2025-11-25 21:19:03Z
  Stopped   2025-11-25 21:20:33Z, after 1m 30s
  Input     {\"bookId\":\"7\"}
  Error     Payment.Busy
  Cause     no answer\u{fffd}[2J
";
        assert_eq!(described(&description.into()), expected);
    }
}
