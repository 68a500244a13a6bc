//! The Amazon States Language as Rust.


mod attempt;
mod call;
mod choice;
mod data;
pub mod definition;
mod engine;
mod error;
mod execution;
mod fit;
mod in_process;
pub mod intrinsic;
pub mod lambda;
mod listener;
mod machine;
mod number;
mod path;
mod retry;
mod task;
mod text;

#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod private;

pub use choice::string_matches;
pub use data::{Data, Field, Json, Shape, Type, Variant};
pub use definition::Definition;
pub use error::*;
pub use execution::{Execution, ExecutionError};
pub use in_process::InProcess;
pub use jiff::Timestamp;
pub use listener::{Branch, Event, Listener, Payload, Scope};
pub use machine::{Entry, Machine, NestedError, Resume, Start, Workflow};
pub use retry::{Jitter, Retrier, Retries};
pub use task::{Attempt, Heartbeat, Needs, Nothing, Provides, Resources, Supplies, Task, TaskContext, Visit};
pub use engine::{Engine, Limits, Until};
pub use workflow_macros::{Data, TaskError, task, workflow};
