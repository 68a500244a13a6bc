//! The commands of a program that runs workflows durably: a user's `main.rs` gets them for his workflows in a few lines.
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use workflow_core::{task, workflow};
//!
//! pub struct Shop {
//!     pub copies: u32,
//! }
//!
//! #[task]
//! async fn look_up(shop: &Shop, _book: String) -> u32 {
//!     shop.copies
//! }
//!
//! workflow! {
//!     /// Says how many copies there are.
//!     pub Copies(&Shop, String) -> u32;
//!     LookUp: Task { call: look_up($), end }
//! }
//!
//! fn main() -> ExitCode {
//!     workflow_cli::Program::new("copies").workflow::<Copies, _>(Shop { copies: 20 }).main()
//! }
//! ```
//!
//! That is a program with `start`, `work`, `list`, `describe`, `history`, `result`, `stop`, `redrive` and `send-task-success`,
//! `-failure` and `-heartbeat`, each with `--data DIR` and `--help`:
//!
//! ```text
//! copies start '"343222"' --name first       # it is in the store
//! copies work                                # runs it, and whatever is started meanwhile, until Ctrl-C
//! copies result first --wait                 # 20
//! ```
//!
//! One process works on a store, and has it locked. While it does, the other commands go to it through a socket in the directory of
//! the store; else each opens the store itself, writes down what it is asked, and ends. A command does not show which way it went.
//!
//! A program with a command line of its own takes [`Command`] among its subcommands, and [runs](Program::run) it.

mod answer;
mod ask;
mod aws;
pub mod command;
mod data;
mod failure;
mod input;
mod program;
mod request;
mod signal;
mod socket;
mod table;
mod tally;
pub mod terminal;
mod time;
mod traces;

pub use command::{Command, Waiting};
pub use data::DataDirectory;
pub use failure::Failure;
pub use input::{InputError, read as read_input};
pub use program::Program;
