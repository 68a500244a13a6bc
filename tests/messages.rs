//! What the compiler answers to every mistake: `ui/<rule>/<mistake>.rs`, and beside it the answer.
//!
//! The answers are compared word by word. Beside that, they keep what outlives wording: one error for each mistake, at a
//! token of the user, with no generated name and no trait bound in it.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_mistake_has_its_answer() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn every_answer_is_one_error_at_a_token_of_the_user() {
    let cases = cases();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| objections(case)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_shows_what_the_compiler_answers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(folder.join("../README.md")).expect("the README is there");
    for case in [
        "ui/paths/output_path_after_a_direct_call",
        "ui/types/two_predecessors_differ",
        "ui/graph/unknown_target",
    ] {
        let answer = fs::read_to_string(folder.join(case).with_extension("stderr"));
        let answer = answer.expect("an answer is recorded");
        let answer = answer.replace(&format!("{case}.rs"), "src/workflow.rs");
        assert!(readme.contains(answer.trim_end()), "the README does not show:\n{answer}");
    }
}

/// The sources of all cases.
fn cases() -> Vec<PathBuf> {
    let rules = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("ui"))
        .expect("the folder of the cases is there");
    let mut cases: Vec<PathBuf> = rules
        .flat_map(|rule| {
            fs::read_dir(rule.expect("a rule is readable").path()).expect("a rule is a folder")
        })
        .map(|case| case.expect("a case is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
}

/// What is wrong with the answer to a case.
fn objections(case: &Path) -> Vec<String> {
    let source = fs::read_to_string(case).expect("a case is text");
    let Ok(answer) = fs::read_to_string(case.with_extension("stderr")) else {
        return vec![format!("{}: no answer is recorded", case.display())];
    };
    let mut objections = Vec::new();
    let mut object =
        |objection: String| objections.push(format!("{}: {objection}", case.display()));
    let mistakes: usize = source
        .lines()
        .find_map(|line| line.strip_prefix("// mistakes: "))
        .map_or(1, |count| count.parse().expect("a number of mistakes"));
    let errors = answer.lines().filter(|line| line.starts_with("error")).count();
    if errors != mistakes {
        object(format!("{errors} errors for {mistakes} mistakes"));
    }
    for noise in [
        "__",
        "the trait bound",
        "required by",
        "required for",
        "is not implemented",
        "$WORKSPACE",
        "macro-backtrace",
    ] {
        if answer.contains(noise) {
            object(format!("`{noise}` is in the answer"));
        }
    }
    for place in places_of_errors(&answer) {
        if !is_inside(place, &source) {
            object(format!("{place} is not at a token of the user"));
        }
    }
    objections
}

/// The places, `file:line:column`, that errors are at. A warning may be anywhere: what a broken workflow does not use.
fn places_of_errors(answer: &str) -> impl Iterator<Item = &str> {
    answer
        .split("\n\n")
        .filter(|message| !message.starts_with("warning"))
        .flat_map(str::lines)
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
}

/// Whether a place is in a workflow, or in an item with an attribute, and is not the call of the macro as a whole.
fn is_inside(place: &str, source: &str) -> bool {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let Some(number) = line.and_then(|line| line.parse::<usize>().ok()) else { return false };
    let mut is_open = false;
    for line in source.lines().take(number - 1) {
        is_open = !ends_an_item(line) && (is_open || begins_an_item(line));
    }
    let is_token = |line: &str| {
        let is_whole =
            line.starts_with("workflow!") || line.starts_with("#[") && column == Some("1");
        (is_open || begins_an_item(line)) && !is_whole && !line.starts_with('}')
    };
    file.is_some_and(|file| file.starts_with("ui/"))
        && source.lines().nth(number - 1).is_some_and(is_token)
}

fn begins_an_item(line: &str) -> bool {
    ["workflow!", "#["].iter().any(|start| line.trim_start().starts_with(start))
}

fn ends_an_item(line: &str) -> bool {
    !line.starts_with([' ', '#']) && line.ends_with(['}', ';'])
}
