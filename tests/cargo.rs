//! Cargo, as tests use it that write programs: packages are written beside the build, each file only where it differs from the
//! last time, so that Cargo builds what has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Writes a file unless it is the same.
pub(crate) fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders can be made");
    fs::write(file, text).expect("files can be written");
}

/// Writes the manifest of a workspace of programs, which are called by its name and their numbers.
pub(crate) fn write_workspace(folder: &Path, name: &str, count: usize) {
    let members: Vec<String> = (0..count).map(|number| format!("\"{name}_{number}\"")).collect();
    let members = members.join(", ");
    // Nobody looks at the programs with a debugger or builds them a second time with a small change: without what either needs
    // they are built faster, and in a third of the space.
    let text = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n[profile.dev]\ndebug = false\nincremental = false\n"
    );
    write(&folder.join("Cargo.toml"), &text);
    // The versions are those that the repository is tested with.
    if !folder.join("Cargo.lock").exists() {
        let lock =
            fs::read_to_string(repository().join("Cargo.lock")).expect("there is a Cargo.lock");
        write(&folder.join("Cargo.lock"), &lock);
    }
}

/// Writes the manifest of a program, which has the workspace's crates beside what is named here.
pub(crate) fn write_manifest(folder: &Path, name: &str, dependencies: &str) {
    let (core, durable) =
        (repository().join("workflow-core"), repository().join("workflow-durable"));
    let manifest = format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[dependencies]
workflow-core = {{ path = {core:?}, features = ["jsonpath"] }}
workflow-durable = {{ path = {durable:?} }}
serde_json = {{ version = "1", features = ["preserve_order"] }}
tokio = {{ version = "1", features = ["rt", "macros", "test-util"] }}
{dependencies}"#
    );
    write(&folder.join("Cargo.toml"), &manifest);
}

/// Cargo in a workspace of programs, all of which are built in one folder: they have the same dependencies.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).env("CARGO_TARGET_DIR", target());
    command
}

/// Builds a workspace.
pub(crate) fn build(folder: &Path) {
    let status = command(folder)
        .args(["build", "--quiet", "--keep-going"])
        .status()
        .expect("Cargo can be run");
    assert!(status.success(), "the workflows do not compile");
}

/// Runs a program that was built, and returns the lines of JSON that it writes.
pub(crate) fn run(program: &str, argument: &Path) -> Vec<Value> {
    let program = target().join("debug").join(program);
    let output = Command::new(program).arg(argument).output().expect("the program can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout);
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in the repository")
        .to_owned()
}
