//! `kill -9`: a process that runs executions is killed again and again, and every execution ends as if nothing had been.
//!
//! The test starts itself as the process to kill, and tells it by variables of the environment where the store is, and how many
//! executions there are by now: a few more for each process, so that some are under way at every kill.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use workflow_core::{TaskContext, TaskError, task, workflow};
use workflow_durable::{Durable, Error, List, Log, Status};

const STORE: &str = "WORKFLOW_DURABLE_KILL_STORE";
const STARTED: &str = "WORKFLOW_DURABLE_KILL_STARTED";
const EXECUTIONS: u64 = 200;
const KILLS: usize = 50;

/// Writes down the runs of tasks, a line each: the number of the process, and the key of the attempt.
struct World {
    runs: Mutex<File>,
    generation: String,
}

impl World {
    async fn work(&self, context: &TaskContext) {
        let key = context.idempotency_key();
        let line = format!("{} {key} {}\n", self.generation, context.retry_count());
        // One write, so that a kill leaves the line whole or out.
        self.runs.lock().unwrap().write_all(line.as_bytes()).unwrap();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[derive(Debug, TaskError)]
enum Trouble {
    Busy,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is busy")
    }
}

#[task]
async fn double(world: &World, context: TaskContext, number: u64) -> u64 {
    world.work(&context).await;
    number * 2
}

#[task]
async fn stubborn(world: &World, context: TaskContext, number: u64) -> Result<u64, Trouble> {
    world.work(&context).await;
    if context.retry_count() == 0 { Err(Trouble::Busy) } else { Ok(number + 1) }
}

workflow! {
    Work(&World, u64) -> (u64, Vec<u64>);

    retry BUSY = { error_equals: [Trouble::Busy], interval: 20ms, max_attempts: 3 };

    First: Task { call: double($), next: Pause }
    Pause: Wait { seconds: 30ms, next: Fan }
    Fan: Parallel {
        branches: [
            { Stubborn: Task { call: stubborn($), retry: BUSY, next: Again } Again: Task { call: double($), end } },
            { List: Pass { output: [$, $ + 1], next: Each } Each: Map { items: $, item_processor: { Item: Task { call: double($), end } }, end } },
        ],
        end,
    }
}

fn expected(number: u64) -> (u64, Vec<u64>) {
    let first = number * 2;
    ((first + 1) * 2, vec![first * 2, (first + 1) * 2])
}

/// What the process to kill does: it runs every execution, and ends when all have.
async fn work(store: &Path, started: u64) {
    let runs = OpenOptions::new().create(true).append(true).open(store.join("../runs.txt"));
    let generation = std::process::id().to_string();
    let world = Arc::new(World { runs: Mutex::new(runs.unwrap()), generation });
    let log = Log::open(store).unwrap();
    let durable = Durable::builder(log).workflow::<Work, World>(world).open().unwrap();
    for number in 0..started {
        match durable.start::<Work>(&number.to_string(), &number).await {
            Ok(_) | Err(Error::ExecutionAlreadyExists { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    for number in 0..started {
        let execution = durable.execution(&format!("Work:{number}")).await.unwrap();
        assert_eq!(execution.output::<Work>().await.unwrap(), expected(number));
    }
}

fn begin(store: &Path, started: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["executions_survive_kills", "--exact", "--nocapture"])
        .env(STORE, store)
        .env(STARTED, started.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn executions_survive_kills() {
    if let Some(store) = std::env::var_os(STORE) {
        let started = std::env::var(STARTED).unwrap().parse().unwrap();
        return work(&PathBuf::from(store), started).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    fs::create_dir(&store).unwrap();
    let mut kills = 0;
    // Now early, now late: the times are spread evenly, in an order that jumps.
    for turn in 0..KILLS {
        let started = (turn as u64 + 1) * EXECUTIONS / KILLS as u64;
        let mut process = begin(&store, started);
        tokio::time::sleep(Duration::from_millis(30 + (turn as u64 * 37) % 170)).await;
        kills += usize::from(process.try_wait().unwrap().is_none());
        process.kill().unwrap();
        process.wait().unwrap();
    }
    assert!(begin(&store, EXECUTIONS).wait().unwrap().success());
    assert!(kills > KILLS / 2, "only {kills} processes were killed before they were done");
    check(directory.path(), &store, kills).await;
}

/// All have succeeded, and no process has run an attempt twice, or after a process before it had recorded it.
async fn check(directory: &Path, store: &Path, kills: usize) {
    let runs = fs::read_to_string(directory.join("runs.txt")).unwrap();
    let mut processes: Vec<&str> = Vec::new();
    let mut by_attempt: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for line in runs.lines() {
        let [process, key, retry] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        if processes.last() != Some(&process) {
            processes.push(process);
        }
        by_attempt.entry((key, retry)).or_default().push(processes.len());
    }
    for (attempt, ran_in) in &by_attempt {
        let once: BTreeSet<usize> = ran_in.iter().copied().collect();
        assert_eq!(once.len(), ran_in.len(), "{attempt:?} ran twice in one process: {ran_in:?}");
    }
    let again = by_attempt.values().filter(|ran_in| ran_in.len() > 1).count();
    assert!(again > KILLS / 2, "only {again} attempts were under way when a process was killed");
    println!("{kills} kills, {again} of {} attempts ran again", by_attempt.len());
    // Six attempts each, one of them a retry.
    assert_eq!(by_attempt.len() as u64, EXECUTIONS * 6);

    let durable = Durable::builder(Log::open(store).unwrap()).open().unwrap();
    let every = List { most: usize::MAX, ..List::default() };
    let executions = durable.list(&every).await.unwrap().executions;
    assert_eq!(executions.len() as u64, EXECUTIONS);
    assert!(executions.iter().all(|execution| execution.status == Status::Succeeded));
}
