//! The recorded cases.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// A recorded execution.
pub(crate) struct Case {
    /// Its file, relative to the folder of the tier.
    pub(crate) file: String,
    pub(crate) group: String,
    pub(crate) definition: Value,
    pub(crate) functions: Vec<String>,
    pub(crate) expected: Value,
    /// The tokens that stand for any text.
    pub(crate) wildcards: Vec<String>,
}

/// The cases of a tier whose definitions are in JSONPath alone, in the order of their names.
pub(crate) fn json_path(tier: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for group in sorted(tier) {
        for name in sorted(&tier.join(&group)) {
            let text =
                fs::read_to_string(tier.join(&group).join(&name)).expect("a case can be read");
            let value: Value = serde_json::from_str(&text).expect("a case is JSON");
            if !uses_jsonata(&value["definition"]) {
                cases.push(Case::new(format!("{group}/{name}"), group.clone(), value));
            }
        }
    }
    cases
}

impl Case {
    fn new(file: String, group: String, mut value: Value) -> Self {
        let functions = value["functions"].as_object();
        let functions = functions.map(|all| all.keys().cloned().collect()).unwrap_or_default();
        let wildcards = value["wildcards"].as_array().into_iter().flatten();
        let wildcards = wildcards.filter_map(|token| token.as_str().map(str::to_owned)).collect();
        Self {
            file,
            group,
            functions,
            wildcards,
            definition: value["definition"].take(),
            expected: value["expected"].take(),
        }
    }
}

/// Whether any state, or the whole definition, is in the other query language.
fn uses_jsonata(definition: &Value) -> bool {
    match definition {
        Value::Object(fields) => {
            fields.get("QueryLanguage").is_some_and(|language| language == "JSONata")
                || fields.values().any(uses_jsonata)
        }
        Value::Array(elements) => elements.iter().any(uses_jsonata),
        _ => false,
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
