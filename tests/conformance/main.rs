//! Behaviour recorded from AWS Step Functions: every definition is compiled through `workflow!` and run, and its outcome is
//! what AWS answered. Definitions that AWS or a linter takes are taken, and those that it rejects are rejected.
//!
//! The recordings are not part of the project: `WORKFLOW_CONFORMANCE` names their folder. Without it, the suite says that it
//! did not run.

#[path = "../cargo.rs"]
mod cargo;
mod cases;
mod definitions;
mod histories;
mod matching;
mod programs;
mod round_trip;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::PathBuf;

use programs::Compiled;

/// The cases that end otherwise than on AWS, and why: `file: why` on each line.
const DIFFERENCES: &str = include_str!("differences.txt");

/// The folder of the recordings; `None`, with a notice, where there is none.
fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("WORKFLOW_CONFORMANCE").map(PathBuf::from);
    if folder.is_none() {
        // A test's own output is shown only where it fails.
        let _ =
            writeln!(io::stderr(), "NOT RUN: WORKFLOW_CONFORMANCE names no folder of recordings");
    }
    folder
}

#[test]
fn definitions_that_are_valid_are_taken() {
    let Some(folder) = recordings() else { return };
    let definitions = definitions::all(&folder.join("valid"));
    let refused = definitions.iter().filter(|(_, errors)| !errors.is_empty());
    let refused: BTreeMap<&str, String> =
        refused.map(|(file, errors)| (file.as_str(), errors.join("\n    "))).collect();
    println!("valid definitions: {}, refused: {}", definitions.len(), refused.len());
    hold_to_list(&refused, include_str!("refused.txt"));
}

#[test]
fn definitions_that_are_invalid_are_rejected() {
    let Some(folder) = recordings() else { return };
    let definitions = definitions::all(&folder.join("invalid"));
    let taken = definitions.iter().filter(|(_, errors)| errors.is_empty());
    let taken: BTreeMap<&str, String> =
        taken.map(|(file, _)| (file.as_str(), "it is taken".to_owned())).collect();
    println!("invalid definitions: {}, taken: {}", definitions.len(), taken.len());
    hold_to_list(&taken, include_str!("accepted.txt"));
}

#[test]
fn definitions_come_back_as_they_were() {
    let Some(folder) = recordings() else { return };
    let (blocked, definitions): (Vec<_>, Vec<_>) = definitions::taken(&folder.join("valid"))
        .into_iter()
        .partition(|(_, definition)| round_trip::obstacle(definition).is_some());
    let compiled: Vec<Compiled<'_>> = definitions
        .iter()
        .map(|(file, definition)| {
            let mut resources = Vec::new();
            cases::collect_resources(definition, &mut resources);
            Compiled {
                definition,
                resources,
                statement: format!("replay::write::<{{}}>({file:?});"),
            }
        })
        .collect();
    let written = programs::run_all("round_trips", &compiled, &folder);
    let mut differing: BTreeMap<&str, String> = BTreeMap::new();
    for (file, definition) in &definitions {
        let (wanted, got) = (round_trip::normal(definition), round_trip::normal(&written[file]));
        if wanted != got {
            differing.insert(file, format!("{got:#}\nand it was\n{wanted:#}"));
        }
    }
    println!(
        "definitions that come back: {} of {}; {} are not compiled: items in S3, a placeholder",
        definitions.len() - differing.len(),
        definitions.len(),
        blocked.len()
    );
    hold_to_list(&differing, include_str!("changed.txt"));
}

#[test]
fn translations_compile() {
    let Some(folder) = recordings() else { return };
    let definitions = definitions::taken(&folder.join("valid"));
    let sources: Vec<(String, String)> = definitions
        .iter()
        .map(|(file, definition)| {
            let text = serde_json::to_string_pretty(definition).expect("it is JSON");
            let source = asl_to_workflow::translate(&text, "Flow");
            (file.clone(), source.unwrap_or_else(|errors| panic!("{file}: {errors:?}")))
        })
        .collect();
    let wrong = programs::check_sources(&sources);
    println!("translations that compile: {} of {}", sources.len() - wrong.len(), sources.len());
    let wrong: BTreeMap<&str, String> =
        wrong.iter().map(|(file, said)| (file.as_str(), said.clone())).collect();
    hold_to_list(&wrong, include_str!("untranslated.txt"));
}

#[test]
fn executions_end_as_they_were_recorded() {
    let Some(folder) = recordings() else { return };
    let folder_of_cases = folder.join("cases");
    let (states, mocked) = cases::single_states(&folder_of_cases);
    println!("single states: {}; {mocked} are not run: their task was made up", states.len());
    let mut cases = cases::executions(&folder_of_cases, "core");
    cases.extend(cases::executions(&folder_of_cases, "nested-activity-callback"));
    cases.extend(states);
    let outcomes = programs::run(&cases, &folder);
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut differing: BTreeMap<&str, String> = BTreeMap::new();
    for case in &cases {
        let found = outcomes.get(&case.file);
        let difference = match found {
            Some(found) => matching::difference(case, found),
            None => Some("it does not compile".to_owned()),
        };
        let (same, all) = groups.entry(&case.group).or_default();
        *all += 1;
        match difference {
            None => *same += 1,
            Some(difference) => {
                differing.insert(&case.file, difference);
            }
        }
    }
    print_table(&groups);
    hold_to_list(&differing, DIFFERENCES);
    histories_are_as_recorded(&cases, &outcomes);
}

/// The histories of the same executions: of those that run durably, and of those in the process that a `History` listens to.
fn histories_are_as_recorded(cases: &[cases::Case], outcomes: &HashMap<String, serde_json::Value>) {
    let recorded = cases.iter().filter(|case| !case.expected["history"].is_null());
    let recorded: Vec<&cases::Case> = recorded.collect();
    for made_by in ["durable", "in_process"] {
        let differing: BTreeMap<&str, String> = recorded
            .iter()
            .filter_map(|case| {
                let found = outcomes.get(&case.file)?;
                Some((case.file.as_str(), histories::difference(case, found, made_by)?))
            })
            .collect();
        let same = recorded.len() - differing.len();
        println!("histories, {made_by}: {same} of {} are the same", recorded.len());
        hold_to_list(&differing, include_str!("histories.txt"));
    }
}

fn print_table(groups: &BTreeMap<&str, (usize, usize)>) {
    println!("{:45} {:>5} {:>5}", "group", "same", "all");
    for (group, (same, all)) in groups {
        println!("{group:45} {same:>5} {all:>5}");
    }
    let sum = |of: fn(&(usize, usize)) -> usize| groups.values().map(of).sum::<usize>();
    println!("{:45} {:>5} {:>5}", "all", sum(|(same, _)| *same), sum(|(_, all)| *all));
}

/// The cases that differ are those of the list: a new one fails the suite, and so does one that no longer differs.
fn hold_to_list(differing: &BTreeMap<&str, String>, list: &str) {
    let listed: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").map_or(line, |(file, _)| file))
        .collect();
    let mut wrong = Vec::new();
    for (file, difference) in differing {
        if !listed.contains(file) {
            wrong.push(format!("{file}\n    {difference}"));
        }
    }
    for file in listed {
        if !differing.contains_key(file) {
            wrong.push(format!("{file} is on the list, and does not differ: take it off"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
