//! What an engine answers to a request: the one place for it, whether the engine works and is asked through a socket, or was opened
//! for this request alone.

use workflow_durable::{Durable, Error, Handle, List, Status};

use crate::aws::{History, StatusName};
use crate::failure::Failure;
use crate::request::{Answer, Listing, Request, Response};

/// Answers a request; names without a workflow are those of the executions of these.
pub(crate) async fn answer(durable: &Durable, workflows: &[&str], request: Request) -> Answer {
    match request {
        Request::Worker => return Ok(Response::Worker { process: std::process::id() }),
        Request::StartExecution { workflow, name, input } => {
            let execution = durable.start_json(&workflow, &name, &input).await?;
            return Ok(Response::Started { execution: execution.id().to_owned() });
        }
        Request::ListExecutions(listing) => return list(durable, workflows, listing).await,
        Request::DescribeExecution { execution } => {
            let described = find(durable, workflows, &execution).await?.describe().await?;
            return Ok(Response::Execution(Box::new(described.into())));
        }
        Request::AwaitExecution { execution } => {
            let ended = find(durable, workflows, &execution).await?.ended().await?;
            return Ok(Response::Execution(Box::new(ended.into())));
        }
        Request::GetExecutionHistory { execution } => {
            let events = find(durable, workflows, &execution).await?.history().await?;
            return Ok(Response::History(History::new(events)));
        }
        Request::StopExecution { execution, error, cause } => {
            stop(&find(durable, workflows, &execution).await?, &error, &cause).await?;
        }
        Request::RedriveExecution { execution } => {
            find(durable, workflows, &execution).await?.redrive().await?;
        }
        Request::SendTaskSuccess { token, output } => {
            durable.send_task_success(&token, &output).await?;
        }
        Request::SendTaskFailure { token, error, cause } => {
            durable.send_task_failure(&token, &error, &cause).await?;
        }
        Request::SendTaskHeartbeat { token } => durable.send_task_heartbeat(&token).await?,
    }
    Ok(Response::Done)
}

async fn list(durable: &Durable, workflows: &[&str], listing: Listing) -> Answer {
    let Listing { workflow, status, most, after } = listing;
    let after = match after {
        Some(after) => Some(find(durable, workflows, &after).await?.id().to_owned()),
        None => None,
    };
    let status = status.map(|StatusName(status)| status);
    let page = durable.list(&List { workflow, status, most, after }).await?;
    Ok(Response::Page(page.into()))
}

/// Stops what runs: an execution that has ended stays as it is, which is said.
async fn stop(execution: &Handle, error: &str, cause: &str) -> Result<(), Failure> {
    let before = execution.describe().await?.status;
    let status = match before {
        Status::Running => execution.stop(error, cause).await?.status,
        ended => ended,
    };
    if before == Status::Running && status == Status::Aborted {
        return Ok(());
    }
    Err(Failure::wrong(format!("`{}` is not stopped: it has ended, {status}", execution.id())))
}

/// Finds an execution by its id, or by its name where that is the name of one alone.
async fn find(durable: &Durable, workflows: &[&str], execution: &str) -> Result<Handle, Failure> {
    if execution.contains(':') {
        return Ok(durable.execution(execution).await?);
    }
    let mut found = Vec::new();
    for workflow in workflows {
        found.extend(durable.execution(&format!("{workflow}:{execution}")).await.ok());
    }
    match found.len() {
        0 => Err(Error::ExecutionDoesNotExist { id: execution.to_owned() }.into()),
        1 => Ok(found.remove(0)),
        _ => {
            let ids: Vec<_> = found.iter().map(|found| format!("`{}`", found.id())).collect();
            let ids = ids.join(" or ");
            Err(Failure::wrong(format!("`{execution}` names more than one execution: give {ids}")))
        }
    }
}
