//! A process that is told to stop while a task is under way.
//!
//! The test starts itself as that process, and tells it by a variable of the environment where its files are.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio, exit};
use std::time::{Duration, Instant};

use clap::Parser;
use tempfile::TempDir;
use workflow_cli::Program;
use workflow_core::{task, workflow};

const FILES: &str = "WORKFLOW_CLI_SIGNALS_FILES";
const GRACE: &str = "WORKFLOW_CLI_SIGNALS_GRACE";

/// A task that begins and ends when the test wants it to.
struct Slow {
    files: PathBuf,
}

#[task]
async fn take_long(slow: &Slow, number: u32) -> u32 {
    let begun = slow.files.join("begun");
    let before = fs::read_to_string(&begun).unwrap_or_default();
    fs::write(&begun, before + "begun\n").unwrap();
    while !slow.files.join("go").exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    number + 1
}

workflow! {
    Slowly(&Slow, u32) -> u32;
    Wait: Task { call: take_long($), end }
}

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: workflow_cli::Command,
}

fn run(files: &Path, arguments: &[&str]) -> u8 {
    let slow = Slow { files: files.to_owned() };
    let data = files.join("store");
    let arguments = [&["slow"], arguments, &["--data", data.to_str().unwrap()]].concat();
    let command = CommandLine::parse_from(arguments).command;
    let done = Program::new("slow").workflow::<Slowly, _>(slow).run(&command);
    done.map_or_else(|failure| failure.status(), |()| 0)
}

/// What the process does that is told to stop.
#[test]
fn worker() {
    if let (Some(files), Ok(grace)) = (std::env::var_os(FILES), std::env::var(GRACE)) {
        exit(run(Path::new(&files), &["work", "--grace", &grace, "--quiet"]).into());
    }
}

/// A worker, and the files that it and the test tell each other by.
struct Worker {
    files: TempDir,
    process: Child,
}

impl Worker {
    /// Begins to work, and returns when the task is under way.
    fn begin(grace: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        assert_eq!(run(files.path(), &["start", "1", "--name", "a"]), 0);
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["worker", "--exact"])
            .env(FILES, files.path())
            .env(GRACE, grace)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let worker = Self { files, process };
        worker.until("the task begins", || worker.path("begun").exists());
        worker
    }

    fn path(&self, file: &str) -> PathBuf {
        self.files.path().join(file)
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !is_so() {
            assert!(Instant::now() < end, "{what}: not in time");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits until the process takes nothing more.
    fn stops(&self) {
        self.until("it stops", || !self.path("store/work.socket").exists());
    }

    fn ended(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    fn begun(&self) -> usize {
        fs::read_to_string(self.path("begun")).unwrap().lines().count()
    }
}

#[test]
fn a_task_under_way_ends_within_the_time_of_grace() {
    for signal in ["-TERM", "-INT"] {
        let mut worker = Worker::begin("20");
        worker.signal(signal);
        worker.stops();
        fs::write(worker.path("go"), "").unwrap();
        assert_eq!(worker.ended().code(), Some(0));
        assert_eq!(run(worker.files.path(), &["work", "--until-done", "--quiet"]), 0);
        assert_eq!(run(worker.files.path(), &["result", "a"]), 0);
        assert_eq!(worker.begun(), 1, "its outcome was in the store");
    }
}

#[test]
fn a_task_that_takes_longer_runs_again() {
    let mut worker = Worker::begin("0");
    worker.signal("-TERM");
    assert_eq!(worker.ended().code(), Some(0));
    assert_eq!(run(worker.files.path(), &["result", "a"]), 3);
    fs::write(worker.path("go"), "").unwrap();
    assert_eq!(run(worker.files.path(), &["work", "--until-done", "--quiet"]), 0);
    assert_eq!(worker.begun(), 2);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut worker = Worker::begin("600");
    worker.signal("-TERM");
    worker.stops();
    worker.signal("-TERM");
    assert_eq!(worker.ended().code(), Some(143));
}

#[test]
fn who_waits_for_a_result_goes_on_waiting_when_it_stops() {
    let mut worker = Worker::begin("20");
    let waiting =
        |files: PathBuf| std::thread::spawn(move || run(&files, &["result", "a", "--wait"]));
    let before = waiting(worker.files.path().to_owned());
    worker.signal("-TERM");
    worker.stops();
    let meanwhile = waiting(worker.files.path().to_owned());
    fs::write(worker.path("go"), "").unwrap();
    assert_eq!(worker.ended().code(), Some(0));
    assert_eq!(run(worker.files.path(), &["work", "--until-done", "--quiet"]), 0);
    assert_eq!((before.join().unwrap(), meanwhile.join().unwrap()), (0, 0));
}
