//! Programs that compile the definitions of cases through `workflow!`, and run them.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::cargo;
use crate::cases::Case;

/// How many cases a program has: few enough that programs are built side by side.
const CASES: usize = 48;

/// A definition that a program compiles, and what the program does with the workflow `case_<n>::sm0`.
pub(crate) struct Compiled<'c> {
    pub(crate) definition: &'c Value,
    pub(crate) resources: Vec<String>,
    /// A statement, in which `{}` is the workflow.
    pub(crate) statement: String,
}

/// Compiles and runs the cases; returns the outcome of each by its file.
pub(crate) fn run(cases: &[Case], recordings: &Path) -> HashMap<String, Value> {
    let compiled = cases.iter().map(|case| Compiled {
        definition: &case.definition,
        resources: case.resources.clone(),
        statement: format!("replay::run::<{{}}>({:?}).await;", case.file),
    });
    run_all("executions", &compiled.collect::<Vec<_>>(), &recordings.join("cases"))
}

/// Compiles definitions and runs the programs; returns what they say of each by its file.
pub(crate) fn run_all(name: &str, all: &[Compiled<'_>], argument: &Path) -> HashMap<String, Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance").join(name);
    let programs: Vec<&[Compiled<'_>]> = all.chunks(CASES).collect();
    cargo::write_workspace(&folder, name, programs.len());
    for (number, cases) in programs.iter().enumerate() {
        write_program(&folder.join(format!("{name}_{number}")), &format!("{name}_{number}"), cases);
    }
    cargo::build(&folder);
    let mut outcomes = HashMap::new();
    for number in 0..programs.len() {
        for mut line in cargo::run(&format!("{name}_{number}"), argument) {
            let file = line["file"].as_str().unwrap_or_default().to_owned();
            outcomes.insert(file, line["outcome"].take());
        }
    }
    outcomes
}

/// Checks sources, each a module of its own; returns what the compiler says of each that does not compile, by its file.
pub(crate) fn check_sources(sources: &[(String, String)]) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance/translations");
    cargo::write_workspace(&folder, "translations", 1);
    let program = folder.join("translations_0");
    cargo::write_manifest(&program, "translations_0", "");
    let mut main = String::from("#![allow(warnings)]\n");
    for (position, (_, source)) in sources.iter().enumerate() {
        cargo::write(&program.join(format!("src/case_{position}.rs")), source);
        let _ = writeln!(main, "mod case_{position};");
    }
    main.push_str("fn main() {}\n");
    cargo::write(&program.join("src/main.rs"), &main);
    let output = cargo::command(&folder)
        .args(["check", "--quiet", "--message-format", "short"])
        .output()
        .expect("Cargo can be run");
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let module = line.split_once("src/case_").and_then(|(_, rest)| rest.split_once(".rs"));
        if let Some((position, message)) = module
            && let Ok(position) = position.parse::<usize>()
        {
            let said = wrong.entry(sources[position].0.clone()).or_default();
            let _ = writeln!(said, "{message}");
        }
    }
    assert!(
        output.status.success() || !wrong.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    wrong
}

fn write_program(folder: &Path, name: &str, cases: &[Compiled<'_>]) {
    cargo::write_manifest(folder, name, "");
    cargo::write(&folder.join("src/replay.rs"), include_str!("replay.rs"));
    let (mut modules, mut calls) = (String::new(), String::new());
    for (position, case) in cases.iter().enumerate() {
        let definition = serde_json::to_string_pretty(case.definition).expect("it is JSON");
        cargo::write(&folder.join(format!("definitions/{position}.asl.json")), &definition);
        let arns = case.resources.iter();
        let resources: String =
            arns.map(|arn| format!("{arn:?} => crate::replay::answer, ")).collect();
        let _ = writeln!(
            modules,
            "mod case_{position} {{ workflow_core::workflow! {{ \
             pub sm0(&crate::replay::Script, workflow_core::Json) -> workflow_core::Json; \
             asl: file \"definitions/{position}.asl.json\"; resources: {{ {resources} }} }} }}"
        );
        let workflow = format!("case_{position}::sm0");
        let _ = writeln!(calls, "    {}", case.statement.replace("{}", &workflow));
    }
    let main = format!(
        "#![allow(non_camel_case_types, warnings)]\nmod replay;\n\n{modules}\n\
         #[tokio::main(flavor = \"current_thread\", start_paused = true)]\nasync fn main() {{\n{calls}}}\n"
    );
    cargo::write(&folder.join("src/main.rs"), &main);
}
