//! Runs workflows durably in the process, without a server beside it: what has happened is in a store before anything follows
//! from it, so an execution goes on after a crash where it was.
//!
//! A state is a checkpoint. Nothing is replayed: a task whose outcome is in the store never runs again, and one that was under
//! way runs again with the same [idempotency key](workflow_core::TaskContext::idempotency_key). Attempts and back-off count on,
//! waits keep their deadlines, and each branch goes on at its own state.
//!
//! ```
//! use std::sync::Arc;
//!
//! use workflow_core::workflow;
//! use workflow_durable::{Durable, Memory};
//!
//! workflow! {
//!     pub Greeting(String) -> String;
//!     Greet: Pass { output: format("Hello, {}!", $), end }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let durable = Durable::builder(Memory::default()).workflow::<Greeting, ()>(Arc::new(())).open()?;
//! let execution = durable.start::<Greeting>("first", &"Ada".to_owned()).await?;
//! assert_eq!(execution.output::<Greeting>().await?, "Hello, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! What is guaranteed, what tasks must take care of, what is on disk, backup and upgrade: [`operating`].

mod builder;
mod callbacks;
mod description;
mod driving;
mod durable;
mod engine;
mod entry;
mod error;
mod history;
mod index;
mod journal;
mod known;
#[doc = include_str!("operating.md")]
pub mod operating {}
mod migration;
mod parking;
mod progress;
mod recovery;
mod rest;
mod retention;
mod run;
mod running;
mod starting;
mod store;
#[cfg(test)]
mod tests;
mod under_way;
mod written;

pub use builder::Builder;
pub use description::{Description, List, ListItem, Page, Status, UnknownStatus};
pub use durable::{Durable, Handle};
pub use error::Error;
pub use history::HistoryPage;
pub use migration::Checkpoint;
pub use store::{Log, Memory, Position, Record, Store, StoreError};
pub use workflow_core::HistoryEvent;
