//! The fields of a state: which each kind has, and their values by name.

use syn::Type;

use super::PathField;
use crate::parse::{Expression, Field, Limit, Name, Value};

/// The kinds of state that there are.
pub(crate) const KINDS: [&str; 8] =
    ["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];

/// Every field in the order in which a message lists them, and the kinds of state that have it.
const FIELDS: [(&str, &[&str]); 26] = [
    ("call", &["Task"]),
    ("branches", &["Parallel"]),
    ("items", &["Map"]),
    ("item_selector", &["Map"]),
    ("item_processor", &["Map"]),
    ("max_concurrency", &["Map"]),
    ("seconds", &["Wait"]),
    ("timestamp", &["Wait"]),
    ("error", &["Fail"]),
    ("cause", &["Fail"]),
    ("next", &["Task", "Parallel", "Map", "Wait", "Pass"]),
    ("end", &["Task", "Parallel", "Map", "Wait", "Pass"]),
    ("retry", &["Task", "Parallel", "Map"]),
    ("catch", &["Task", "Parallel", "Map"]),
    ("timeout", &["Task"]),
    ("heartbeat", &["Task"]),
    ("wait_for_task_token", &["Task"]),
    ("input_path", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed"]),
    ("parameters", &["Task", "Parallel", "Pass"]),
    ("result", &["Pass"]),
    ("result_selector", &["Task", "Parallel", "Map"]),
    ("result_path", &["Task", "Parallel", "Map", "Pass"]),
    ("output_path", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed"]),
    ("output", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed"]),
    ("assign", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass"]),
    ("comment", &KINDS),
];

/// All fields in the order of their names, by which the first of several that are equally near is suggested.
pub(crate) fn all() -> Vec<&'static str> {
    let mut all: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
    all.sort_unstable();
    all
}

/// The fields of a kind of state.
pub(super) fn allowed(kind: &str) -> Vec<&'static str> {
    FIELDS.iter().filter(|(_, kinds)| kinds.contains(&kind)).map(|(field, _)| *field).collect()
}

/// Names in a list.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The fields of a state, by name.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) fields: &'a [Field],
}

impl<'a> Fields<'a> {
    pub(super) fn get(self, name: &str) -> Option<&'a Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn expression(self, name: &str) -> Option<&'a Expression> {
        match &self.get(name)?.value {
            Value::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    pub(super) fn path(self, name: &str) -> Option<PathField<'a>> {
        match &self.get(name)?.value {
            Value::Path(path) => Some(PathField { path: path.as_ref() }),
            _ => None,
        }
    }

    pub(super) fn limit(self, name: &str) -> Option<&'a Limit> {
        match &self.get(name)?.value {
            Value::Limit(limit) => Some(limit),
            _ => None,
        }
    }

    pub(super) fn ty(self, name: &str) -> Option<&'a Type> {
        match &self.get(name)?.value {
            Value::Type(ty) => Some(ty),
            _ => None,
        }
    }

    pub(super) fn assign(self) -> &'a [(Name, Expression)] {
        match self.get("assign").map(|field| &field.value) {
            Some(Value::Assign(variables)) => variables,
            _ => &[],
        }
    }

    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        match &self.get(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
