//! `list`: executions, those that were started last first.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use workflow_core::Timestamp;
use workflow_durable::Status;

use super::{print, print_json};
use crate::ask::Store;
use crate::aws::{Listed, Page, StatusName};
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Listing, Request, Response};
use crate::table::{self, Column};
use crate::terminal::{self, note};
use crate::time::{between, moment};

/// Lists executions.
#[derive(Debug, Clone, Args)]
pub struct List {
    /// Lists those alone that stand so.
    #[arg(short, long, ignore_case = true, value_parser = status())]
    status: Option<Status>,

    /// Lists those of one workflow alone.
    #[arg(short, long)]
    workflow: Option<String>,

    /// How many are listed at most.
    #[arg(short, long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// Lists those that come after this one: the last one of the page before.
    #[arg(short, long, value_name = "EXECUTION")]
    after: Option<String>,

    /// Writes JSON, as AWS's `list-executions` does.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: DataDirectory,
}

/// Reads AWS's name of a status, in letters of any case.
fn status() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::name))
        .try_map(|name| name.to_ascii_uppercase().parse::<Status>())
}

impl List {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let store = Store::find(program, &self.data)?;
        let request = Request::ListExecutions(Listing {
            workflow: self.workflow.clone(),
            status: self.status.map(StatusName),
            most: usize::try_from(self.limit).unwrap_or(usize::MAX),
            after: self.after.clone(),
        });
        let (Response::Page(page), _) = store.ask(request).await? else { return Ok(()) };
        if self.json {
            return print_json(&page);
        }
        print(&table(program, &page, Timestamp::now()))?;
        if let Some(next) = &page.next_token {
            note(&format!("there are more: `--after {}`", program.short(next)));
        }
        Ok(())
    }
}

fn table(program: &Program, page: &Page, now: Timestamp) -> String {
    let columns = ["NAME", "STATUS", "STARTED"].map(Column::Left);
    let [name, status, started] = columns;
    let row = |listed: &Listed| {
        let Listed { execution_arn, status, start_date, stop_date, .. } = listed;
        let end = stop_date.map_or(now, |stopped| stopped.0);
        [
            program.short(execution_arn).to_owned(),
            status.0.to_string(),
            moment(start_date.0),
            between(start_date.0, end),
        ]
    };
    let rows: Vec<_> = page.executions.iter().map(row).collect();
    table::write([name, status, started, Column::Right("DURATION")], &rows, terminal::width())
}

#[cfg(test)]
mod tests {
    use workflow_core::workflow;

    use super::*;
    use crate::aws::Date;

    workflow! {
        Orders(String) -> String;
        Only: Pass { end }
    }

    workflow! {
        Returns(String) -> String;
        Only: Pass { end }
    }

    fn page() -> Page {
        let time = |seconds: i64| Date(Timestamp::from_second(1_764_105_543 + seconds).unwrap());
        let listed = |name: &str, status, start_date, stop_date| Listed {
            execution_arn: format!("Orders:{name}"),
            state_machine_arn: "Orders".to_owned(),
            name: name.to_owned(),
            status: StatusName(status),
            start_date,
            stop_date,
        };
        let executions = vec![
            listed("order-124", Status::Running, time(60), None),
            listed("order-7", Status::TimedOut, time(0), Some(time(2))),
        ];
        Page { executions, next_token: None }
    }

    #[test]
    fn what_runs_has_lasted_until_now() {
        let program = Program::new("orders").workflow::<Orders, _>(());
        let now = Timestamp::from_second(1_764_105_543 + 3723).unwrap();
        let expected = "\
NAME       STATUS     STARTED               DURATION
order-124  RUNNING    2025-11-25 21:20:03Z  1h 1m 3s
order-7    TIMED_OUT  2025-11-25 21:19:03Z        2s
";
        assert_eq!(table(&program, &page(), now), expected);
    }

    #[test]
    fn where_there_are_several_workflows_executions_have_their_ids() {
        let program = Program::new("orders").workflow::<Orders, _>(()).workflow::<Returns, _>(());
        let table = table(&program, &page(), Timestamp::now());
        assert!(table.contains("\nOrders:order-7    TIMED_OUT"), "{table}");
    }
}
