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
    for place in answer.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")) {
        if !is_inside(place, &source) {
            object(format!("{place} is not at a token of the user"));
        }
    }
    objections
}

/// Whether a place, `file:line:column`, is in the source and not the call of a macro as a whole.
fn is_inside(place: &str, source: &str) -> bool {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let line = line
        .and_then(|line| line.parse::<usize>().ok())
        .and_then(|line| source.lines().nth(line - 1));
    file.is_some_and(|file| file.starts_with("ui/"))
        && line.is_some_and(|line| {
            !line.starts_with("workflow!") && (!line.starts_with("#[") || column != Some("1"))
        })
}
