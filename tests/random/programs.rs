//! The programs that run the workflows that were drawn: a module for each, beside what runs and compares them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::cargo;
use crate::model::Workflow;
use crate::source;

/// How many workflows a program has: few enough that programs are built side by side.
const WORKFLOWS: usize = 14;

/// Builds and runs programs for the workflows; returns what they found.
pub(crate) fn run(workflows: &[Workflow], schedules: u64) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random");
    let programs: Vec<&[Workflow]> = workflows.chunks(WORKFLOWS).collect();
    cargo::write_workspace(&folder, "random", programs.len());
    for (number, workflows) in programs.iter().enumerate() {
        let name = format!("random_{number}");
        write(&folder.join(&name), &name, workflows);
    }
    cargo::build(&folder);
    let argument = schedules.to_string();
    (0..programs.len())
        .flat_map(|number| cargo::run(&format!("random_{number}"), argument.as_ref()))
        .collect()
}

fn write(folder: &Path, name: &str, workflows: &[Workflow]) {
    cargo::write_manifest(folder, name, "fastrand = \"2\"\n");
    let file = |name: &str| folder.join("src").join(name);
    cargo::write(&file("crashing.rs"), include_str!("program/crashing.rs"));
    cargo::write(&file("executions.rs"), include_str!("program/executions.rs"));
    cargo::write(&file("histories.rs"), include_str!("program/histories.rs"));
    cargo::write(&file("tasks.rs"), include_str!("program/tasks.rs"));
    let (mut modules, mut calls) = (String::new(), String::new());
    for (position, workflow) in workflows.iter().enumerate() {
        cargo::write(&file(&format!("drawn_{position}.rs")), &source::write(workflow));
        let _ = writeln!(modules, "mod drawn_{position};");
        let (seed, traits) = (workflow.seed, &workflow.traits);
        let drawn = format!(
            "executions::Drawn {{ seed: {seed}, cancels: {}, takes_time: {} }}",
            traits.cancels, traits.takes_time
        );
        let _ = writeln!(
            calls,
            "    executions::hold::<drawn_{position}::Flow>({drawn}, schedules, &runtime);"
        );
    }
    let main = format!(
        "#![allow(warnings)]\n\nmod crashing;\nmod executions;\nmod histories;\nmod tasks;\n{modules}\n\
         fn main() {{\n    let schedules = std::env::args().nth(1).and_then(|count| count.parse().ok()).expect(\"a number\");\n    \
         let runtime = crashing::runtime();\n{calls}}}\n"
    );
    cargo::write(&file("main.rs"), &main);
}
