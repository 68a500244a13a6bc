//! A store with a million executions that wait, and one with a million that have ended: `cargo bench -p benches --bench million`.
//!
//! They are made by an engine, so many at a time. A process of its own then opens each store, so that nothing of the making is in its
//! memory: how long that takes, how much memory it has then, and how late the executions are woken whose time comes.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use workflow_core::{Timestamp, workflow};
use workflow_durable::{Durable, Log};

workflow! {
    /// Waits until a time.
    Sleeper(Timestamp) -> Timestamp;
    Wait: Wait { timestamp: $, end }
}

const EXECUTIONS: u32 = 1_000_000;

/// How many of them are woken soon after the store is opened.
const WOKEN: u32 = 1_000;

/// How many are started at once.
const AT_ONCE: usize = 4_096;

/// How long after the store is opened they are woken.
const SOON: Duration = Duration::from_secs(5);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    if let Some(store) = std::env::var_os("WORKFLOW_MILLION") {
        return runtime.block_on(open(Path::new(&store)));
    }
    let folder = std::env::current_dir().expect("there is a folder");
    let directory = tempfile::tempdir_in(&folder).expect("a folder can be made");
    for (name, waits) in [("waiting", true), ("ended", false)] {
        let store = directory.path().join(name);
        let start = Instant::now();
        runtime.block_on(fill(&store, waits));
        println!("{EXECUTIONS} executions, {name}:");
        println!("  made in        {:>8.1} s", start.elapsed().as_secs_f64());
        println!("  on disk        {:>8} MB", size(&store) >> 20);
        let in_another = || {
            let this = std::env::current_exe().expect("the program is there");
            let status = Command::new(this).env("WORKFLOW_MILLION", &store).status();
            assert!(status.expect("the program can be run").success());
        };
        in_another();
        println!("  without the index, which is made again:");
        std::fs::remove_file(store.join("index.redb")).expect("the index is there");
        in_another();
    }
}

/// Starts the executions: those that wait do so for a month, but for some that are woken when the store is opened again.
async fn fill(store: &Path, waits: bool) {
    let log = Log::open(store).expect("a log can be made");
    let durable = Durable::builder(log).workflow::<Sleeper, ()>(Arc::new(())).open();
    let durable = durable.expect("the store is empty");
    let far = now() + Duration::from_secs(30 * 86_400);
    let one = async |number: u32| {
        let until = if waits { far } else { Timestamp::UNIX_EPOCH };
        let started = durable.start::<Sleeper>(&number.to_string(), &until).await;
        drop(started.expect("the name is free"));
    };
    let mut starting = FuturesUnordered::new();
    let mut numbers = 0..EXECUTIONS;
    starting.extend(numbers.by_ref().take(AT_ONCE).map(one));
    while starting.next().await.is_some() {
        starting.extend(numbers.next().map(one));
    }
    durable.shut_down(Duration::from_secs(60)).await;
}

/// Opens a store, and says what that takes.
async fn open(store: &Path) {
    let start = Instant::now();
    let log = Log::open(store).expect("the log is there");
    // Some more than AWS's limit, which is a million.
    let builder = Durable::builder(log).execution_limit(2 * EXECUTIONS as usize);
    let durable = builder.workflow::<Sleeper, ()>(Arc::new(())).open();
    let durable = durable.expect("the store can be opened");
    println!("  opened in      {:>8.3} s", start.elapsed().as_secs_f64());
    println!("  memory         {:>8} MB", memory());
    println!("  woken late by  {:>8} ms at most, of {WOKEN}", lateness(&durable).await);
    println!("  memory         {:>8} MB", memory());
    durable.shut_down(Duration::ZERO).await;
}

/// Has executions be woken at one time, and returns how many milliseconds after it the last one has ended.
async fn lateness(durable: &Durable) -> i64 {
    let until = now() + SOON;
    let mut executions = Vec::new();
    for number in 0..WOKEN {
        let name = format!("{}-{number}", until.as_millisecond());
        let started = durable.start::<Sleeper>(&name, &until).await;
        executions.push(started.expect("the name is free"));
    }
    let mut latest = 0;
    for execution in executions {
        let ended = execution.ended().await.expect("the store can be written");
        let stopped = ended.stopped.expect("it has ended");
        latest = latest.max(stopped.as_millisecond() - until.as_millisecond());
    }
    latest
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// The bytes of what is in a folder.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |file| file.len())).sum()
}

/// The memory of the process, in megabytes, where the system tells it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) >> 10
}
