//! A program of a user: two workflows, and the commands among subcommands of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use clap::Parser;
use workflow_cli::{Command, Failure, Program};
use workflow_core::{TaskError, task, workflow};

struct Shop {
    copies: u32,
}

#[derive(Debug, TaskError)]
enum Refused {
    SoldOut,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("there are too few")
    }
}

#[task]
async fn sell(shop: &Shop, number: u32) -> Result<u32, Refused> {
    shop.copies.checked_sub(number).ok_or(Refused::SoldOut)
}

workflow! {
    /// Sells copies, and says how many are left.
    Sale(&Shop, u32) -> u32;
    Sell: Task { call: sell($), end }
}

workflow! {
    /// Counts.
    Count(u32) -> u32;
    Add: Pass { output: $ + 1, end }
}

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: Subcommand,
}

#[derive(clap::Subcommand)]
enum Subcommand {
    #[command(flatten)]
    Durable(Command),
    /// Closes the shop.
    Close,
}

/// Does what a command line says, in a store of the test.
struct Shell {
    directory: tempfile::TempDir,
    program: Program,
}

impl Shell {
    fn new(program: Program) -> Self {
        Self { directory: tempfile::tempdir().unwrap(), program }
    }

    fn run(&self, arguments: &[&str]) -> Result<(), Failure> {
        let data = self.directory.path().join("store");
        let arguments = [&["shop"], arguments, &["--data", data.to_str().unwrap()]].concat();
        match CommandLine::parse_from(arguments).command {
            Subcommand::Durable(command) => self.program.run(&command),
            Subcommand::Close => unreachable!("no test closes the shop"),
        }
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], status: u8, message: &str) {
        let failure = self.run(arguments).unwrap_err();
        assert_eq!((failure.to_string().as_str(), failure.status()), (message, status));
    }
}

fn one() -> Shell {
    Shell::new(Program::new("shop").workflow::<Sale, _>(Shop { copies: 20 }))
}

fn two() -> Shell {
    let program = Program::new("shop").workflow::<Sale, _>(Shop { copies: 20 });
    Shell::new(program.workflow::<Count, _>(()))
}

#[test]
fn an_execution_of_the_only_workflow_is_started_and_named_alone() {
    let shell = one();
    shell.run(&["start", "5", "--name", "first"]).unwrap();
    shell.refuses(&["result", "first"], 3, "`first` still runs: `--wait` waits for its end");
    shell.run(&["work", "--until-done", "--quiet"]).unwrap();
    shell.run(&["result", "first"]).unwrap();
    shell.run(&["result", "Sale:first"]).unwrap();
}

#[test]
fn of_several_workflows_one_is_given() {
    let shell = two();
    let which = "give one of the workflows with `--workflow`: `Sale`, `Count`";
    shell.refuses(&["start", "5"], 2, which);
    let unknown = "there is no workflow `Sell`, only `Sale`, `Count`";
    shell.refuses(&["start", "5", "--workflow", "Sell"], 2, unknown);
    for workflow in ["Sale", "Count"] {
        shell.run(&["start", "5", "--workflow", workflow, "--name", "a"]).unwrap();
    }
    shell.run(&["start", "5", "--workflow", "Count", "--name", "b"]).unwrap();
    shell.run(&["describe", "b"]).unwrap();
    shell.run(&["describe", "Sale:a"]).unwrap();
    let ids = "`a` names more than one execution: give `Sale:a` or `Count:a`";
    shell.refuses(&["describe", "a"], 2, ids);
    shell.refuses(&["describe", "c"], 2, "there is no execution `c`");
}

#[test]
fn an_execution_that_fails_is_told_with_its_error() {
    let shell = one();
    shell.run(&["start", "21", "--name", "large"]).unwrap();
    let failed = "an execution has failed: see `shop list --status FAILED`";
    shell.refuses(&["work", "--until-done", "--quiet"], 1, failed);
    let why = "execution large of `Sale` failed: Refused.SoldOut: there are too few";
    shell.refuses(&["result", "large", "--wait"], 1, why);
    shell.run(&["redrive", "large"]).unwrap();
    shell.run(&["stop", "large", "--error", "Shop.Closed", "--cause", "it is late"]).unwrap();
    let why = "execution large of `Sale` was stopped: Shop.Closed: it is late";
    shell.refuses(&["result", "large"], 1, why);
    shell.refuses(&["stop", "large"], 2, "`Sale:large` is not stopped: it has ended, ABORTED");
}

#[test]
fn what_is_refused_makes_no_store() {
    let shell = one();
    let name = "`a b` cannot name an execution: a name has 1 to 80 letters, digits, hyphens and underscores";
    shell.refuses(&["start", "5", "--name", "a b"], 2, name);
    let input = "argument, line 1, column 3: not an input of `Sale`: invalid type: string \"x\", expected u32";
    shell.refuses(&["start", "\"x\""], 2, input);
    assert!(!shell.directory.path().join("store").exists());
    let failure = shell.run(&["list"]).unwrap_err();
    assert!(failure.to_string().ends_with("`start` and `work` make one"), "{failure}");
    assert_eq!(failure.status(), 2);
}

#[test]
fn a_program_keeps_subcommands_of_its_own() {
    let command_line = CommandLine::try_parse_from(["shop", "close"]).unwrap();
    assert!(matches!(command_line.command, Subcommand::Close));
}

#[test]
fn a_token_may_begin_with_a_hyphen() {
    let shell = one();
    shell.run(&["start", "5", "--name", "first"]).unwrap();
    let unknown = shell.run(&["send-task-heartbeat", "-token"]).unwrap_err();
    assert_eq!(unknown.status(), 2, "{unknown}");
    let unknown = shell.run(&["send-task-success", "-token", "-5"]).unwrap_err();
    assert_eq!(unknown.status(), 2, "{unknown}");
}
