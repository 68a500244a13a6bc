//! What a command asks of an engine, and what it is answered: also the words of the protocol between a command and the process that
//! works.

use serde::{Deserialize, Serialize};
use workflow_core::Json;

use crate::aws::{Execution, History, Page, StatusName};
use crate::failure::Failure;

/// What is asked. Executions are named by their names or their ids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Who works.
    Worker,
    StartExecution {
        workflow: String,
        name: String,
        input: Json,
    },
    ListExecutions(Listing),
    DescribeExecution {
        execution: String,
    },
    /// Describes an execution once it has ended.
    AwaitExecution {
        execution: String,
    },
    GetExecutionHistory {
        execution: String,
    },
    StopExecution {
        execution: String,
        error: String,
        cause: String,
    },
    RedriveExecution {
        execution: String,
    },
    SendTaskSuccess {
        token: String,
        output: Json,
    },
    SendTaskFailure {
        token: String,
        error: String,
        cause: String,
    },
    SendTaskHeartbeat {
        token: String,
    },
}

/// Which executions are listed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub(crate) workflow: Option<String>,
    pub(crate) status: Option<StatusName>,
    pub(crate) most: usize,
    pub(crate) after: Option<String>,
}

/// What is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Response {
    /// It is done.
    Done,
    /// This process works.
    Worker {
        process: u32,
    },
    /// An execution was started.
    Started {
        execution: String,
    },
    Execution(Box<Execution>),
    Page(Page),
    History(History),
}

pub(crate) type Answer = Result<Response, Failure>;
