//! The bookstore on `workflow-durable` beside other durable engines in Rust, in one run: `cargo run --release` in this folder.
//!
//! It takes two minutes. Arguments choose engines by a part of their names: `cargo run --release -- workflow dbos`. Each handles the same
//! orders with the same tasks, which take no time, one at a time and 64 at once; each has a new store for each measurement, on the same
//! disk; they take turns, and the median of the turns counts. An execution lasts until its caller has the output, and an output that is
//! not what it should be ends the run.
//!
//! # What differs
//!
//! Each engine is used as its documentation says, with the best settings of those that it offers; what could not be the same is said at
//! the top of its file in `engines/`, and in short:
//!
//! - **duroxide** replays, and hands its activities over by queues that are polled, every 10 ms here, which is the least that its guide
//!   names. Its SQLite store asks for `synchronous = WAL`, which SQLite does not know and takes for `NORMAL`: with a write-ahead log that
//!   syncs only at its checkpoints, each after 10,000 pages. There is no option for more. So a process may die, but a power cut takes
//!   what is newest; on Postgres it is durable as the others are.
//! - **sayiir** keeps a snapshot after each task. A branch is one task, so two branches have one checkpoint less each; a choice and the
//!   way around the printer are checkpoints of their own.
//! - **DBOS** has a commit for each step after it has ended, none before it begins. Two steps in one branch that runs beside others would
//!   be children, with workflows of their own; here the branches are two waves of steps, which is less work.
//! - **`workflow-durable`** makes each transition durable before what follows from it, and so do those on Postgres with `fsync` and
//!   `synchronous_commit`, which the table says.
//!
//! # What is left out
//!
//! sayiir and DBOS have no embedded store that is durable (sayiir's other one is in memory), so they and duroxide need the server that
//! `postgres.rs` starts; without one they are left out, and the output says so. Restate and Temporal need servers of their own, which are no
//! crates.

mod bookstore;
mod engine;
mod engines;
mod peer;
mod postgres;

use std::ffi::OsString;
use std::process::ExitCode;

use tracing::subscriber::NoSubscriber;

use crate::engine::Failure;
use crate::peer::{CONNECTIONS, Peer};
use crate::postgres::Postgres;

/// How many turns each engine has.
const TURNS: usize = 3;

/// How many executions run at once.
const AT_ONCE: [u32; 2] = [1, 64];

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let peers = chosen(&arguments);
    let postgres = Postgres::here();
    if postgres.is_none()
        && peers.iter().any(|peer| peer.needs_postgres())
        && let Some(status) = postgres::beside_a_server(&arguments, CONNECTIONS)?
    {
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    // What the engines log costs none of them anything, and stays out of the table.
    tracing::subscriber::set_global_default(NoSubscriber::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(compare(&peers, postgres.as_ref()))?;
    Ok(ExitCode::SUCCESS)
}

/// The engines whose names contain an argument, or all where there is none.
fn chosen(arguments: &[OsString]) -> Vec<Peer> {
    let is_named = |peer: &Peer| {
        let name = peer.name();
        arguments.iter().any(|argument| name.contains(&*argument.to_string_lossy()))
    };
    Peer::ALL.into_iter().filter(|peer| arguments.is_empty() || is_named(peer)).collect()
}

/// Measures the engines in turns, and prints a table.
async fn compare(peers: &[Peer], postgres: Option<&Postgres>) -> Result<(), Failure> {
    match postgres {
        Some(postgres) => println!("Postgres: {}", postgres.description().await?),
        None => {
            println!("without Postgres, and the engines that need it: there is no `pg_virtualenv`")
        }
    }
    println!("executions a second, median of {TURNS}");
    println!("{:>8}  {:<32} {:>13} {:>9}  durable", "at once", "", "executions/s", "of ours");
    let there = |peer: &&Peer| postgres.is_some() || !peer.needs_postgres();
    let peers: Vec<Peer> = peers.iter().filter(there).copied().collect();
    for at_once in AT_ONCE {
        let mut rates = vec![Vec::new(); peers.len()];
        for turn in 0..TURNS {
            for place in 0..peers.len() {
                let which = (place + turn) % peers.len();
                rates[which].push(peers[which].rate(postgres, at_once).await?);
            }
        }
        let rates: Vec<f64> = rates.into_iter().map(median).collect();
        let ours = peers.iter().position(|peer| *peer == Peer::Workflow).map(|at| rates[at]);
        for (peer, rate) in peers.iter().zip(rates) {
            let of_ours = ours.map_or("".to_owned(), |ours| format!("{:.4}", rate / ours));
            println!(
                "{at_once:>8}  {:<32} {rate:>13.1} {of_ours:>9}  {}",
                peer.name(),
                peer.durable()
            );
        }
    }
    Ok(())
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
