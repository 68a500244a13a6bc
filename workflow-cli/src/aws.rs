//! What is known of executions in AWS's shapes, as the commands print it with `--json`, and as it goes from the process that works
//! to the one that asks.
//!
//! AWS has ARNs where there are ids here: of an execution that is the names of the workflow and of the execution with a colon
//! between, and of a workflow its name.

mod date;
mod execution;
mod history;
mod status;

#[cfg(test)]
pub(crate) use date::Date;
pub(crate) use execution::{Execution, Listed, Page};
pub(crate) use history::{History, HistoryEvent};
pub(crate) use status::StatusName;
