//! The recorded cases.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// A recorded execution.
pub(crate) struct Case {
    /// Its file, relative to the folder of the cases.
    pub(crate) file: String,
    pub(crate) group: String,
    pub(crate) definition: Value,
    /// What its tasks are: functions, activities, and integrations of services.
    pub(crate) resources: Vec<String>,
    pub(crate) expected: Value,
    /// Whether branches or items run side by side.
    pub(crate) is_concurrent: bool,
    /// The tokens that stand for any text.
    pub(crate) wildcards: Vec<String>,
}

/// The executions of a tier whose definitions are in JSONPath alone, in the order of their names.
pub(crate) fn executions(cases: &Path, tier: &str) -> Vec<Case> {
    let all = json_path(cases, tier);
    all.map(|(file, group, case)| Case::new(file, group, case)).collect()
}

/// The single states that were tested by themselves, each as the only one of an execution, and how many are left out: what a
/// state calls was made up for the test.
pub(crate) fn single_states(cases: &Path) -> (Vec<Case>, usize) {
    let (mocked, states): (Vec<_>, Vec<_>) = json_path(cases, "test-state")
        .partition(|(_, _, case)| case["definition"]["Type"] == "Task" || !case["mock"].is_null());
    let states = states.into_iter().map(|(file, group, case)| Case::new(file, group, around(case)));
    (states.collect(), mocked.len())
}

/// The files of a tier, their groups and what is in them.
fn json_path(cases: &Path, tier: &str) -> impl Iterator<Item = (String, String, Value)> {
    let files = sorted(&cases.join(tier)).into_iter().flat_map(move |group| {
        let names = sorted(&cases.join(tier).join(&group)).into_iter();
        names.map(move |name| (format!("{tier}/{group}/{name}"), group.clone()))
    });
    let all = files.map(|(file, group)| {
        let text = fs::read_to_string(cases.join(&file)).expect("a case can be read");
        (file, group, serde_json::from_str(&text).expect("a case is JSON"))
    });
    all.filter(|(_, _, case): &(_, _, Value)| !uses_jsonata(&case["definition"]))
}

/// A state that was tested by itself as an execution, which ends with the state after it and what it is handed.
fn around(mut case: Value) -> Value {
    let mut state = case["definition"].take();
    if let Some(name) = case["stateName"].as_str() {
        state = named(&state, name).expect("the state is in the definition").clone();
    }
    let targets = targets(&state);
    let mut states = json!({ "Tested": state });
    for target in targets {
        let output = json!({ "nextState": target, "output.$": "$" });
        states[&target] = json!({ "Type": "Pass", "Parameters": output, "End": true });
    }
    case["definition"] = json!({ "StartAt": "Tested", "States": states });
    let expected = &mut case["expected"];
    if let Some(next) = expected.get("nextState").cloned() {
        expected["output"] = json!({ "nextState": next, "output": expected["output"].take() });
    }
    case
}

/// The state of a name, wherever it is in a definition.
fn named<'d>(definition: &'d Value, name: &str) -> Option<&'d Value> {
    let found = definition.get("States").and_then(|states| states.get(name));
    found.or_else(|| match definition {
        Value::Object(fields) => fields.values().find_map(|value| named(value, name)),
        Value::Array(elements) => elements.iter().find_map(|value| named(value, name)),
        _ => None,
    })
}

/// The states that a state goes to.
fn targets(state: &Value) -> Vec<String> {
    let mut targets = Vec::new();
    each_field(state, &mut |name, value| {
        if let ("Next" | "Default", Some(target)) = (name, value.as_str()) {
            targets.push(target.to_owned());
        }
    });
    targets
}

impl Case {
    fn new(file: String, group: String, mut value: Value) -> Self {
        let functions = value["functions"].as_object().into_iter().flat_map(|all| all.keys());
        let mut resources: Vec<String> = functions.cloned().collect();
        collect_resources(&value["definition"], &mut resources);
        let wildcards = value["wildcards"].as_array().into_iter().flatten();
        let wildcards = wildcards.filter_map(|token| token.as_str().map(str::to_owned)).collect();
        Self {
            file,
            group,
            resources,
            wildcards,
            is_concurrent: value["concurrent"] == true,
            definition: value["definition"].take(),
            expected: value["expected"].take(),
        }
    }
}

/// Whether any state, or the whole definition, is in the other query language.
fn uses_jsonata(definition: &Value) -> bool {
    let mut found = false;
    each_field(definition, &mut |name, value| {
        found |= name == "QueryLanguage" && value == "JSONata";
    });
    found
}

/// Adds every resource that a definition names.
pub(crate) fn collect_resources(definition: &Value, found: &mut Vec<String>) {
    each_field(definition, &mut |name, value| {
        if let ("Resource", Value::String(text)) = (name, value)
            && !found.contains(text)
        {
            found.push(text.clone());
        }
    });
}

/// Visits every field of a value and of the values in it, the outer ones first.
fn each_field(value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                visit(name, value);
                each_field(value, visit);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| each_field(element, visit)),
        _ => {}
    }
}

fn sorted(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be read")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
