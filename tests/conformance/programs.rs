//! Programs that compile the definitions of cases through `workflow!`, and run them.
//!
//! They are written beside the build, each only where it differs from the last time, so that Cargo builds what has changed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cases::Case;

/// How many cases a program has: few enough that programs are built side by side.
const CASES: usize = 48;

/// Compiles and runs the cases; returns the outcome of each by its file.
pub(crate) fn run(cases: &[Case], recordings: &Path) -> HashMap<String, Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
    let programs: Vec<&[Case]> = cases.chunks(CASES).collect();
    write_workspace(&folder, programs.len());
    for (number, cases) in programs.iter().enumerate() {
        write_program(&folder.join(format!("cases_{number}")), number, cases);
    }
    build(&folder);
    let mut outcomes = HashMap::new();
    for number in 0..programs.len() {
        let program = folder.join("target/debug").join(format!("cases_{number}"));
        let output = Command::new(&program)
            .arg(recordings.join("cases/core"))
            .output()
            .expect("the program can be run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let mut line: Value = serde_json::from_str(line).expect("a line is JSON");
            let file = line["file"].as_str().unwrap_or_default().to_owned();
            outcomes.insert(file, line["outcome"].take());
        }
    }
    outcomes
}

/// Writes a file unless it is the same.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders can be made");
    fs::write(file, text).expect("files can be written");
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in the repository")
        .to_owned()
}

fn write_workspace(folder: &Path, count: usize) {
    let members: Vec<String> = (0..count).map(|number| format!("\"cases_{number}\"")).collect();
    let text = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    write(&folder.join("Cargo.toml"), &text);
    // The versions are those that the repository is tested with.
    if !folder.join("Cargo.lock").exists() {
        let lock =
            fs::read_to_string(repository().join("Cargo.lock")).expect("there is a Cargo.lock");
        write(&folder.join("Cargo.lock"), &lock);
    }
}

fn write_program(folder: &Path, number: usize, cases: &[Case]) {
    let core = repository().join("workflow-core");
    let manifest = format!(
        r#"[package]
name = "cases_{number}"
version = "0.1.0"
edition = "2024"

[dependencies]
workflow-core = {{ path = {core:?}, features = ["jsonpath"] }}
serde_json = {{ version = "1", features = ["preserve_order"] }}
tokio = {{ version = "1", features = ["rt", "macros", "test-util"] }}
"#
    );
    write(&folder.join("Cargo.toml"), &manifest);
    write(&folder.join("src/replay.rs"), include_str!("replay.rs"));
    let (mut modules, mut calls) = (String::new(), String::new());
    for (position, case) in cases.iter().enumerate() {
        let definition = serde_json::to_string_pretty(&case.definition).expect("it is JSON");
        write(&folder.join(format!("definitions/{position}.asl.json")), &definition);
        let resources: String =
            resources(case).map(|arn| format!("{arn:?} => crate::replay::answer, ")).collect();
        let _ = writeln!(
            modules,
            "mod case_{position} {{ workflow_core::workflow! {{ \
             pub sm0(&crate::replay::Script, workflow_core::Json) -> workflow_core::Json; \
             asl: file \"definitions/{position}.asl.json\"; resources: {{ {resources} }} }} }}"
        );
        let _ = writeln!(calls, "    replay::run::<case_{position}::sm0>({:?}).await;", case.file);
    }
    let main = format!(
        "#![allow(non_camel_case_types, warnings)]\nmod replay;\n\n{modules}\n\
         #[tokio::main(flavor = \"current_thread\", start_paused = true)]\nasync fn main() {{\n{calls}}}\n"
    );
    write(&folder.join("src/main.rs"), &main);
}

/// The resources of a case: its functions, and the service that invokes them.
fn resources(case: &Case) -> impl Iterator<Item = &str> {
    let functions = case.functions.iter().map(String::as_str);
    functions.chain(["arn:aws:states:::lambda:invoke"])
}

fn build(folder: &Path) {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--keep-going"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .status()
        .expect("Cargo can be run");
    assert!(status.success(), "the definitions do not compile");
}
