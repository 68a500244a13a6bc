//! From ASL to a workflow and back: the same definition, up to what means the same.

use serde_json::{Map, Value, json};
use workflow_syntax::asl::{functions, paths};
use workflow_syntax::span::Span;

/// What a definition has elsewhere than in the process, which no workflow keeps: the items of a distributed Map in S3.
const ELSEWHERE: [&str; 3] = ["ItemReader", "ItemBatcher", "ResultWriter"];

/// Why a definition is not compiled, if it is not.
pub(crate) fn obstacle(definition: &Value) -> Option<&'static str> {
    match definition {
        Value::Object(fields) => {
            if fields.keys().any(|name| ELSEWHERE.contains(&name.as_str())) {
                return Some("the items or results of its Map are in S3");
            }
            if fields.get("Seconds").is_some_and(Value::is_string) {
                return Some("a placeholder stands where a number does");
            }
            fields.values().find_map(obstacle)
        }
        Value::Array(elements) => elements.iter().find_map(obstacle),
        _ => None,
    }
}

/// A definition in one form of all that mean the same.
pub(crate) fn normal(definition: &Value) -> Value {
    machine(definition)
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn machine(value: &Value) -> Value {
    let mut fields = object(value);
    fields.remove("Version");
    fields.remove("QueryLanguage");
    if fields.get("ProcessorConfig").is_some_and(|config| config["Mode"] != "DISTRIBUTED") {
        fields.remove("ProcessorConfig");
    }
    let states = object(&value["States"]);
    let states: Map<String, Value> =
        states.iter().map(|(name, value)| (name.clone(), state(value))).collect();
    fields.insert("States".to_owned(), states.into());
    fields.into()
}

fn state(value: &Value) -> Value {
    let mut state = Map::new();
    for (name, value) in object(value) {
        let is_default = match name.as_str() {
            "InputPath" | "OutputPath" | "ResultPath" | "ItemsPath" => value == "$",
            "End" => value == false,
            "QueryLanguage" => true,
            "Retry" | "Catch" => value == json!([]),
            "Assign" => value == json!({}),
            "MaxConcurrency" => value == 0,
            _ => false,
        };
        if is_default {
            continue;
        }
        let (name, value) = match name.as_str() {
            "Iterator" | "ItemProcessor" => ("ItemProcessor", machine(&value)),
            "Parameters" if state_is_map(&state) => ("ItemSelector", template(&value)),
            "Parameters" | "ItemSelector" | "ResultSelector" | "Assign" => {
                (name.as_str(), template(&value))
            }
            "Branches" => ("Branches", each(&value, machine)),
            "Choices" => ("Choices", each(&value, rule)),
            "Retry" => ("Retry", each(&value, retrier)),
            // A catcher has fields of a state.
            "Catch" => ("Catch", each(&value, self::state)),
            name if name.ends_with("Path") => (name, path(&value)),
            name => (name, value),
        };
        state.insert(name.to_owned(), value);
    }
    state.into()
}

fn state_is_map(state: &Map<String, Value>) -> bool {
    state.get("Type").is_some_and(|kind| kind == "Map")
}

fn each(value: &Value, of: fn(&Value) -> Value) -> Value {
    value.as_array().into_iter().flatten().map(of).collect()
}

fn retrier(value: &Value) -> Value {
    let mut fields = object(value);
    let defaults = [("IntervalSeconds", 1.0_f64), ("MaxAttempts", 3.0), ("BackoffRate", 2.0)];
    for (name, default) in defaults {
        if let Some(number) = fields.get(name).and_then(Value::as_f64) {
            fields.insert(name.to_owned(), json!(number));
            if number.to_bits() == default.to_bits() {
                fields.remove(name);
            }
        }
    }
    if fields.get("JitterStrategy").is_some_and(|jitter| jitter == "NONE") {
        fields.remove("JitterStrategy");
    }
    fields.into()
}

/// A rule, with negated tests by their value, and lists in lists of one kind as one.
fn rule(value: &Value) -> Value {
    let mut rule = Map::new();
    for (name, value) in object(value) {
        match name.as_str() {
            "And" | "Or" => {
                let operands = operands(&name, &value);
                match operands.as_slice() {
                    [operand] => rule.extend(object(operand)),
                    _ => drop(rule.insert(name, operands.into())),
                }
            }
            "Not" => rule.extend(negated(&self::rule(&value))),
            "Assign" if value == json!({}) => {}
            "Assign" => drop(rule.insert(name, template(&value))),
            "Variable" => drop(rule.insert(name, path(&value))),
            name if name.ends_with("Path") => drop(rule.insert(name.to_owned(), path(&value))),
            _ => drop(rule.insert(name, value)),
        }
    }
    rule.into()
}

fn operands(name: &str, value: &Value) -> Vec<Value> {
    let operands = value.as_array().into_iter().flatten().map(rule);
    operands
        .flat_map(|operand| match operand.get(name) {
            Some(inner) => operands_of(inner),
            None => vec![operand],
        })
        .collect()
}

fn operands_of(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn negated(rule: &Value) -> Map<String, Value> {
    let fields = object(rule);
    let test = fields.iter().find(|(name, value)| name.starts_with("Is") && value.is_boolean());
    match test {
        Some((name, value)) => {
            let mut fields = fields.clone();
            fields.insert(name.clone(), json!(value != true));
            fields
        }
        None => Map::from_iter([("Not".to_owned(), rule.clone())]),
    }
}

fn template(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let value = if name.ends_with(".$") { path(value) } else { template(value) };
                (name.clone(), value)
            })
            .collect::<Map<String, Value>>()
            .into(),
        Value::Array(elements) => elements.iter().map(template).collect(),
        other => other.clone(),
    }
}

/// A path or a call in one spelling.
fn path(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    let read = if text.trim_start().starts_with("States.") {
        functions::call(text, Span::call_site()).map(|call| call.to_string())
    } else {
        paths::path(text, Span::call_site()).map(|path| path.to_string())
    };
    read.map_or_else(|_| value.clone(), Value::from)
}
