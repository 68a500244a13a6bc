//! Orders that are kept: the program is run as a user runs it, in several processes on one store.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod orders;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use orders::{FROM_STOCK, IN_STOCK, OUT_OF_STOCK, PRINTED};

const LATER: &str = "nobody works on it yet: it goes on with `order-flow work`\n";

/// What a command leaves behind.
struct Left {
    output: String,
    errors: String,
    status: i32,
}

impl From<Output> for Left {
    fn from(output: Output) -> Self {
        Self {
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap(),
        }
    }
}

impl Left {
    #[track_caller]
    fn assert(&self, output: &str, errors: &str, status: i32) {
        let left = (self.output.as_str(), self.errors.as_str(), self.status);
        assert_eq!(left, (output, errors, status));
    }

    /// Asserts that nothing is done, and that one line says why.
    #[track_caller]
    fn assert_refused(&self, line: &str, status: i32) {
        self.assert("", &format!("error: {line}\n"), status);
    }
}

/// A store of a test.
struct Store {
    directory: TempDir,
}

impl Store {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_order-flow"));
        command.args(arguments).arg("--data").arg(self.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Left {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs a command that does what it is asked and has nothing to say.
    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let left = self.run(arguments);
        assert_eq!((left.errors.as_str(), left.status), ("", 0));
        left.output
    }

    #[track_caller]
    fn start(&self, order: &str) {
        assert_eq!(self.run(&["start", order]).status, 0);
    }

    fn begin(&self, arguments: &[&str]) -> Process {
        let mut child = self.command(arguments).spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Process { child, errors }
    }

    /// Begins to work, and returns when others are answered.
    fn work(&self) -> Process {
        let mut worker = self.begin(&["work"]);
        worker.wait_for("working on ");
        worker
    }

    /// How an order stands.
    fn status(&self, execution: &str) -> Value {
        let described = self.done(&["describe", execution, "--json"]);
        serde_json::from_str::<Value>(&described).unwrap()["status"].take()
    }

    /// The files of the store.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let files =
            fs::read_dir(self.path()).into_iter().flatten().map(|entry| entry.unwrap().path());
        // The lock has the number of the process that opened the store last, and the index is only a help.
        let helps = |path: &PathBuf| path.ends_with("LOCK") || path.ends_with("index.redb");
        let files = files.filter(|path| !helps(path));
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }
}

/// A process that goes on while the test does something else.
struct Process {
    child: Child,
    errors: BufReader<ChildStderr>,
}

impl Process {
    /// Reads standard error up to a line that has this in it, and returns what follows it there.
    #[track_caller]
    fn wait_for(&mut self, text: &str) -> String {
        let mut line = String::new();
        while self.errors.read_line(&mut line).unwrap() > 0 {
            if let Some((_, after)) = line.split_once(text) {
                return after.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("it ended without `{text}`")
    }

    fn task_token(&mut self) -> String {
        self.wait_for("order-flow printed ")
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end, and returns what it leaves behind, without what was read.
    fn left(mut self) -> Left {
        let mut errors = Vec::new();
        self.errors.read_to_end(&mut errors).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Output { stderr: errors, ..output }.into()
    }

    #[track_caller]
    fn stop(self) {
        self.terminate();
        assert_eq!(self.left().status, 0);
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn an_order_is_kept_until_it_is_handled() {
    let store = Store::new();
    store.run(&["start", IN_STOCK]).assert("order-123\n", LATER, 0);
    let still = "`order-123` still runs: `--wait` waits for its end";
    store.run(&["result", "order-123"]).assert_refused(still, 3);

    let worked = store.run(&["work", "--until-done"]);
    assert_eq!((worked.output.as_str(), worked.status), ("", 0));
    assert!(worked.errors.contains("\nOrderFlow  execution order-123\n"), "{}", worked.errors);
    assert!(worked.errors.contains("\n✓ succeeded in "), "{}", worked.errors);
    assert_eq!(store.done(&["result", "order-123"]), FROM_STOCK);
    assert_eq!(store.done(&["result", "OrderFlow:order-123", "--wait"]), FROM_STOCK);
}

#[test]
fn work_may_be_quiet() {
    let store = Store::new();
    store.start(IN_STOCK);
    store.run(&["work", "--until-done", "--quiet"]).assert("", "", 0);
}

#[test]
fn orders_are_listed_described_and_told_event_by_event() {
    let store = Store::new();
    for order_id in ["1", "2", "3"] {
        store.start(&format!(r#"{{"orderId": "{order_id}", "bookId": "343222"}}"#));
    }
    store.done(&["stop", "order-2"]);
    let names = |arguments: &[&str]| {
        let table = store.run(&[&["list"], arguments].concat()).output;
        let names = table.lines().skip(1).map(|line| line.split(' ').next().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), ["order-3", "order-2", "order-1"]);
    assert_eq!(names(&["--status", "aborted"]), ["order-2"]);
    assert_eq!(names(&["--workflow", "Returns"]), Vec::<String>::new());
    assert_eq!(names(&["--limit", "2"]), ["order-3", "order-2"]);
    assert_eq!(names(&["--limit", "2", "--after", "order-2"]), ["order-1"]);
    let next = store.run(&["list", "--limit", "2"]).errors;
    assert_eq!(next, "there are more: `--after order-2`\n");

    let page: Value =
        serde_json::from_str(&store.done(&["list", "--limit", "1", "--json"])).unwrap();
    assert_eq!(page["executions"][0]["executionArn"], "OrderFlow:order-3");
    assert_eq!(page["nextToken"], "OrderFlow:order-3");

    assert_eq!(store.run(&["work", "--until-done", "--quiet"]).status, 0);
    let described = store.done(&["describe", "order-1"]);
    assert!(described.contains("\n  Status    SUCCEEDED\n"), "{described}");
    let table = store.done(&["history", "order-1"]);
    assert!(table.starts_with("ID  PREVIOUS  "), "{table}");
    assert!(
        table.contains("  TaskStateEntered         CheckInventory  {\"orderId\":\"1\","),
        "{table}"
    );
    let history: Value =
        serde_json::from_str(&store.done(&["history", "order-1", "--json"])).unwrap();
    let events = history["events"].as_array().unwrap();
    assert_eq!(events[1]["stateEnteredEventDetails"]["name"], "Order Handling");
    assert_eq!(
        events[4]["lambdaFunctionScheduledEventDetails"]["inputDetails"]["truncated"],
        false
    );
    assert_eq!(
        events.last().unwrap()["executionSucceededEventDetails"]["output"],
        FROM_STOCK.trim_end()
    );
}

#[test]
fn a_book_is_printed_while_the_program_works() {
    let store = Store::new();
    let mut worker = store.work();
    store.run(&["start", OUT_OF_STOCK]).assert("order-124\n", "", 0);
    let token = worker.task_token();
    assert_eq!(store.status("order-124"), "RUNNING");
    assert_eq!(store.done(&["printed", &token]), "");
    assert_eq!(store.done(&["result", "order-124", "--wait"]), PRINTED);
    let used = "the task of this token has ended: by the token itself, by a timeout, or with its execution";
    store.run(&["printed", &token]).assert_refused(used, 2);
    worker.stop();
    assert!(!store.path().join("work.socket").exists(), "its socket is gone");
    store.run(&["printed", &token]).assert_refused(used, 2);
}

#[test]
fn a_book_is_printed_while_nobody_works() {
    let store = Store::new();
    store.start(OUT_OF_STOCK);
    let mut worker = store.work();
    let token = worker.task_token();
    worker.stop();
    store.run(&["printed", &token]).assert("", LATER, 0);
    assert_eq!(store.run(&["work", "--until-done", "--quiet"]).status, 0);
    assert_eq!(store.done(&["result", "order-124"]), PRINTED);
}

#[test]
fn a_book_that_cannot_be_printed_fails_its_order_until_it_is_redriven() {
    let store = Store::new();
    store.start(OUT_OF_STOCK);
    let mut worker = store.work();
    let token = worker.task_token();
    store.done(&["send-task-failure", &token, "--error", "Printer.Jam", "--cause", "no paper"]);
    let why = "execution order-124 of `OrderFlow` failed: Printer.Jam: no paper";
    store.run(&["result", "order-124", "--wait"]).assert_refused(why, 1);
    assert_eq!(store.done(&["redrive", "order-124"]), "");
    let token = worker.task_token();
    store.done(&["send-task-success", &token, r#"{"TotalValue": 500}"#]);
    assert_eq!(store.done(&["result", "order-124", "--wait"]), PRINTED);
    worker.stop();
}

#[test]
fn an_order_that_was_stopped_goes_on_when_it_is_redriven() {
    let store = Store::new();
    store.start(IN_STOCK);
    store.done(&["stop", "order-123", "--cause", "not paid"]);
    let why = "execution order-123 of `OrderFlow` was stopped: not paid";
    store.run(&["result", "order-123"]).assert_refused(why, 1);
    store.run(&["redrive", "order-123"]).assert("", LATER, 0);
    assert_eq!(store.run(&["work", "--until-done", "--quiet"]).status, 0);
    assert_eq!(store.done(&["result", "order-123"]), FROM_STOCK);
    let twice = "`OrderFlow:order-123` cannot be redriven: it runs, or has succeeded";
    store.run(&["redrive", "order-123"]).assert_refused(twice, 2);
}

#[test]
fn after_kill_9_an_order_goes_on_where_it_was() {
    let store = Store::new();
    store.start(OUT_OF_STOCK);
    let mut worker = store.work();
    let token = worker.task_token();
    // The token is told by the task itself: that its call has ended is not in the store before the state waits.
    worker.wait_for("waits for its task token");
    worker.kill();
    let socket = fs::symlink_metadata(store.path().join("work.socket")).unwrap();
    assert!(socket.file_type().is_socket(), "it is left");
    assert_eq!(store.status("order-124"), "RUNNING", "who finds nobody asks the store");

    let worker = store.work();
    assert_eq!(store.done(&["printed", &token]), "");
    assert_eq!(store.done(&["result", "order-124", "--wait"]), PRINTED);
    worker.stop();
    let history = store.done(&["history", "order-124"]);
    assert_eq!(history.matches("  TaskSubmitted  ").count(), 1, "{history}");
}

#[test]
fn a_result_is_waited_for_until_somebody_works() {
    let store = Store::new();
    store.start(IN_STOCK);
    let mut waiting = store.begin(&["result", "order-123", "--wait"]);
    waiting.wait_for("nobody works on it: waiting for `order-flow work`");
    let worker = store.work();
    waiting.left().assert(FROM_STOCK, "", 0);
    worker.stop();
}

#[test]
fn a_second_process_is_told_who_works() {
    let store = Store::new();
    let worker = store.work();
    let path = fs::canonicalize(store.path()).unwrap();
    let (process, path) = (worker.child.id(), path.display());
    let works = format!("process {process} works on the store in `{path}` already");
    store.run(&["work"]).assert_refused(&works, 1);
    assert_eq!(store.run(&["list"]).status, 0, "the first one works on");
    worker.stop();
}

#[test]
fn a_store_that_another_program_holds_is_left_alone() {
    let store = Store::new();
    store.start(IN_STOCK);
    let mut lock = File::options().read(true).write(true).open(store.path().join("LOCK")).unwrap();
    lock.lock().unwrap();
    lock.set_len(0).unwrap();
    writeln!(lock, "77").unwrap();
    let path = fs::canonicalize(store.path()).unwrap();
    let held = format!("the store in `{}` is open in process 77", path.display());
    store.run(&["list"]).assert_refused(&held, 1);
}

#[test]
fn a_store_with_a_long_name_is_worked_on_too() {
    let mut store = Store::new();
    let long = store.directory.path().join("long".repeat(40));
    fs::create_dir(&long).unwrap();
    store.directory = tempfile::tempdir_in(long).unwrap();
    let worker = store.work();
    store.run(&["start", IN_STOCK]).assert("order-123\n", "", 0);
    assert_eq!(store.done(&["result", "order-123", "--wait"]), FROM_STOCK);
    worker.stop();
}

#[test]
fn without_data_orders_are_in_the_users_folder_which_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_order-flow"));
        let command = command.args(arguments).env("XDG_DATA_HOME", folder.path());
        // Where the system has a place of its own, it is below the home directory.
        Left::from(command.env("HOME", folder.path()).output().unwrap())
    };
    let first = run(&["start", IN_STOCK]);
    assert!(first.errors.starts_with("executions are kept in `"), "{}", first.errors);
    assert!(first.errors.contains("/order-flow`; `--data DIR` names another"), "{}", first.errors);
    run(&["start", OUT_OF_STOCK]).assert("order-124\n", LATER, 0);
    assert_eq!(run(&["list"]).output.lines().count(), 3);
}

/// Asserts that a command is refused with one line, and that the store stays as it was.
#[track_caller]
fn assert_unchanged(store: &Store, arguments: &[&str], line: &str, status: i32) {
    let before = store.files();
    store.run(arguments).assert_refused(line, status);
    assert_eq!(store.files(), before);
}

#[test]
fn what_is_wrong_is_said_in_a_line_and_changes_nothing() {
    let store = Store::new();
    let path = store.path();
    let path = path.display();
    let none = format!("there is no store in `{path}`: `start` and `work` make one");
    assert_unchanged(&store, &["list"], &none, 2);
    let missing = "argument, line 1, column 18: not an order: missing field `bookId`";
    assert_unchanged(&store, &["start", r#"{"orderId": "123"}"#], missing, 2);
    assert!(!store.path().exists());

    store.start(IN_STOCK);
    assert_unchanged(&store, &["describe", "order-9"], "there is no execution `order-9`", 2);
    assert_unchanged(
        &store,
        &["result", "Shop:order-9"],
        "there is no execution `Shop:order-9`",
        2,
    );
    assert_unchanged(
        &store,
        &["start", "{", "--name", "a"],
        "argument, line 1, column 1: not JSON: unexpected end while parsing an object",
        2,
    );
    let other = r#"{"orderId": "123", "bookId": "7"}"#;
    let taken = "an execution `order-123` has another input, or has ended";
    assert_unchanged(&store, &["start", other], taken, 2);
    let letters = "1 to 80 letters, digits, hyphens and underscores";
    for name in ["a b", "", &"n".repeat(81)] {
        let line = format!("`{name}` cannot name an execution: a name has {letters}");
        assert_unchanged(&store, &["start", IN_STOCK, "--name", name], &line, 2);
    }
    let unknown = store.run(&["printed", "nonsense"]).errors;
    assert!(unknown.starts_with("error: ") && unknown.lines().count() == 1, "{unknown}");
    assert_unchanged(&store, &["printed", "nonsense"], unknown["error: ".len()..].trim_end(), 2);
    assert_unchanged(
        &store,
        &["send-task-success", "t", "done"],
        "done: no such file, and not JSON",
        2,
    );
}

#[test]
fn an_input_over_the_limit_is_refused() {
    let store = Store::new();
    let file = store.directory.path().join("large.json");
    let order = serde_json::json!({ "orderId": "1", "bookId": "7".repeat(300_000) });
    fs::write(&file, order.to_string()).unwrap();
    let left = store.run(&["start", file.to_str().unwrap()]);
    left.assert_refused("the input cannot be taken: it has 300027 bytes, and may have 262144", 2);
    assert!(!store.path().exists());
}

#[test]
fn a_directory_that_is_no_store_and_one_that_cannot_be_read_are_left_alone() {
    let store = Store::new();
    fs::create_dir(store.path()).unwrap();
    fs::write(store.path().join("letters.txt"), "dear").unwrap();
    let path = fs::canonicalize(store.path()).unwrap();
    let path = path.display();
    let foreign = format!("`{path}` is no store, and is not empty");
    assert_unchanged(&store, &["list"], &foreign, 2);
    assert_unchanged(&store, &["start", IN_STOCK], &foreign, 2);
    assert_unchanged(&store, &["work"], &foreign, 2);

    fs::write(store.path().join("FORMAT"), "workflow-durable 99\n").unwrap();
    let newer = format!(
        "the store in `{path}` has the newer layout `workflow-durable 99`: open it with a newer version"
    );
    assert_unchanged(&store, &["list"], &newer, 1);
}

#[test]
fn a_damaged_store_is_left_alone() {
    let store = Store::new();
    store.start(IN_STOCK);
    store.start(OUT_OF_STOCK);
    damage(&store.path());
    let before = store.files();
    let left = store.run(&["list"]);
    assert!(
        left.errors.starts_with("error: ") && left.errors.contains("is damaged"),
        "{}",
        left.errors
    );
    assert_eq!((left.errors.lines().count(), left.output.as_str(), left.status), (1, "", 1));
    assert_eq!(store.files(), before);
}

/// Changes a byte of the first execution, behind which there is another.
fn damage(store: &Path) {
    let path = store.join("00000001.log");
    let mut bytes = fs::read(&path).unwrap();
    let order = bytes.windows(3).position(|window| window == b"123").unwrap();
    bytes[order] = b'9';
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_file_is_no_directory() {
    let store = Store::new();
    fs::write(store.path(), "dear").unwrap();
    let line = format!("`{}` is no directory", store.path().display());
    store.run(&["list"]).assert_refused(&line, 2);
    store.run(&["start", IN_STOCK]).assert_refused(&line, 2);
}
