//! The Amazon States Language as Rust.

mod attempt;
mod call;
mod choice;
mod data;
pub mod definition;
mod duration;
mod engine;
mod error;
mod execution;
mod fit;
mod graph;
mod in_process;
pub mod intrinsic;
pub mod lambda;
mod listener;
mod machine;
mod number;
mod path;
mod retry;
mod sound;
mod task;
mod text;
mod trace;
#[cfg(feature = "tracing")]
mod tracing;
mod visits;

#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod private;

#[cfg(feature = "tracing")]
pub use crate::tracing::Tracing;
pub use choice::string_matches;
pub use data::{Data, Field, Json, Shape, Type, Variant};
pub use definition::Definition;
pub use engine::{Engine, Limits, Until};
pub use error::*;
pub use execution::{Execution, ExecutionError};
pub use in_process::InProcess;
pub use jiff::Timestamp;
pub use listener::{Branch, Event, Listener, Payload, Scope};
pub use machine::{Entry, Machine, NestedError, Resume, Start, Workflow};
pub use retry::{Jitter, Retrier, Retries};
pub use task::{
    Attempt, Heartbeat, Needs, Nothing, Provides, Resources, Supplies, Task, TaskContext, Visit,
};
pub use trace::Trace;
pub use workflow_macros::{Data, TaskError, task, workflow};
