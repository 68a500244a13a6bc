//! The Amazon States Language as Rust: workflows that the compiler checks against the types of the tasks they run.
//!
//! A workflow is declared with [`workflow!`], its tasks with [`#[task]`](macro@task), its data with `derive(Data)` and its
//! errors with `derive(TaskError)`. The declaration becomes a type with a `run` method, and a [`Definition`]: plain data that
//! pictures and documentation are made from.
//!
//! ```
//! use workflow_core::{task, workflow};
//!
//! #[task]
//! async fn double(number: u32) -> u32 {
//!     2 * number
//! }
//!
//! workflow! {
//!     pub Quadruple(u32) -> u32;
//!
//!     Once: Task { call: double($), next: Twice }
//!     Twice: Task { call: double($), end }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), workflow_core::ExecutionError> {
//! assert_eq!(Quadruple::run(3).await?, 12);
//! # Ok(())
//! # }
//! ```
//!
//! Where things stand:
//!
//! - what can be written: [`language`];
//! - to run a workflow: [`InProcess`], [`ExecutionError`]; to hear of what happens: [`Listener`], [`Trace`], [`History`];
//! - what a task is and receives: [`Task`], [`TaskContext`], [`Provides`]; what it raises: [`TaskError`], [`LambdaError`];
//! - data: [`Data`], [`Json`], [`Timestamp`];
//! - what a workflow is to an engine: [`Machine`], [`Engine`]; its description: [`definition`].

extern crate self as workflow_core;

pub mod asl;
mod attempt;
mod breath;
mod call;
mod callback;
mod choice;
mod constant;
mod data;
pub mod definition;
mod duration;
mod engine;
mod error;
mod event;
mod execution;
mod fit;
mod graph;
mod history;
mod in_process;
pub mod intrinsic;
mod items;
pub mod lambda;
#[doc = include_str!("step_functions.md")]
pub mod coming_from_step_functions {}
#[doc = include_str!("language.md")]
pub mod language {}
mod joined;
mod listener;
mod machine;
mod number;
mod object;
mod parts;
mod path;
mod retry;
mod sound;
mod state;
pub mod states;
mod task;
mod task_token;
mod text;
mod time;
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
pub use callback::{Awaited, CallbackError, WaitForTaskToken};
pub use choice::{Comparand, string_matches};
pub use data::{Data, Field, Json, Shape, Type, Variant};
pub use definition::Definition;
pub use engine::{Engine, Limits, Until};
pub use error::*;
pub use event::{Assigned, Branch, Event, Parent, Payload, Scope};
pub use execution::{Execution, ExecutionError, Identity};
pub use history::{ExecutionHistory, History, HistoryBuilder, HistoryEvent};
pub use in_process::InProcess;
pub use jiff::Timestamp;
pub use listener::Listener;
pub use machine::{Entry, Machine, NestedError, Resume, Start, Workflow};
pub use parts::Whole;
pub use retry::{Jitter, Retrier, Retries};
pub use task::{
    Attempt, Heartbeat, Needs, Nothing, Provides, Resources, Signature, Supplies, Task,
    TaskContext, Visit,
};
pub use task_token::{TaskToken, TaskTokenError, TaskTokenKey, TaskTokens};
pub use trace::Trace;
pub use workflow_macros::{Data, TaskError, task, workflow};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
