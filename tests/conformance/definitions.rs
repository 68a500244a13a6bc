//! Definitions of AWS's users and of linters' fixtures: what the reader and the rules without types say of each.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use workflow_syntax::asl;
use workflow_syntax::diagnostics::Diagnostics;

/// Every definition of a folder with its errors, by the name of its file.
pub(crate) fn all(folder: &Path) -> Vec<(String, Vec<String>)> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    files.iter().map(|file| (name(file, folder), errors(file))).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn name(file: &Path, folder: &Path) -> String {
    file.strip_prefix(folder).expect("the file is in the folder").to_string_lossy().into_owned()
}

fn read(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("the file can be read");
    serde_json::from_str(&text).expect("the file is JSON")
}

/// The definitions of a folder that are taken, by the name of their file.
pub(crate) fn taken(folder: &Path) -> Vec<(String, Value)> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let taken = files.iter().filter(|file| errors(file).is_empty());
    taken.map(|file| (name(file, folder), read(file)["definition"].take())).collect()
}

fn errors(file: &Path) -> Vec<String> {
    let mut case = read(file);
    let definition = match case["definition_text"].take() {
        Value::String(text) => text,
        _ => serde_json::to_string_pretty(&case["definition"]).expect("it is JSON"),
    };
    let mut diagnostics = Diagnostics::default();
    diagnostics.in_file("definition");
    let problem = case["expected_problem"].to_string();
    asl::check(&definition, problem.contains("Express state machine"), &mut diagnostics);
    diagnostics.messages().collect()
}
