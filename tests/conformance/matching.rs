//! Whether an outcome is the recorded one: exactly, but for what a recording marks as different from run to run.

use std::collections::HashMap;

use serde_json::Value;

use crate::cases::Case;

/// What an outcome has otherwise than the recording.
pub(crate) fn difference(case: &Case, found: &Value) -> Option<String> {
    let expected = &case.expected;
    let mut matcher = Matcher::of(case);
    for field in ["status", "output", "error"] {
        let (wanted, got) = (&expected[field], &found[field]);
        let is_empty = wanted.is_null() && got == "";
        if !is_empty && !matcher.matches(wanted, got) {
            return Some(format!("{field}: {got}, and on AWS {wanted}; all of it: {found}"));
        }
    }
    cause(expected, found, &mut matcher)
}

/// The cause: the text, without the event that AWS names in its history, which the outcome alone does not have.
fn cause(expected: &Value, found: &Value, matcher: &mut Matcher<'_>) -> Option<String> {
    let got = found["cause"].as_str().unwrap_or_default();
    if !expected["cause_json"].is_null() {
        let read: Value = serde_json::from_str(got).unwrap_or_default();
        return (!matcher.matches(&expected["cause_json"], &read))
            .then(|| format!("cause: {got}, and on AWS {}", expected["cause_json"]));
    }
    let wanted = expected["cause"].as_str().unwrap_or_default();
    let state = found["state"].as_str().unwrap_or_default();
    let got = match of_state(wanted) {
        Some((_, id, _)) => format!(
            "An error occurred while executing the state '{state}' (entered at the event id #{id}). {got}"
        ),
        None => got.to_owned(),
    };
    (!matcher.text(wanted, &got)).then(|| format!("cause: {got}\n    on AWS {wanted}"))
}

/// A cause that AWS says is of a state: the state, the event at which it was entered, and the rest.
pub(crate) fn of_state(cause: &str) -> Option<(&str, &str, &str)> {
    let rest = cause.strip_prefix("An error occurred while executing the state '")?;
    let (state, rest) = rest.split_once("' (entered at the event id #")?;
    let (id, rest) = rest.split_once("). ")?;
    Some((state, id, rest))
}

/// Compares values, and remembers what the tokens stand for.
#[derive(Clone)]
pub(crate) struct Matcher<'c> {
    wildcards: &'c [String],
    bound: HashMap<String, Value>,
}

impl<'c> Matcher<'c> {
    pub(crate) fn of(case: &'c Case) -> Self {
        Self { wildcards: &case.wildcards, bound: HashMap::new() }
    }
}

impl Matcher<'_> {
    pub(crate) fn matches(&mut self, expected: &Value, found: &Value) -> bool {
        match (expected, found) {
            (Value::String(token), found) if self.wildcards.contains(token) => {
                let bound = self.bound.entry(token.clone()).or_insert_with(|| found.clone());
                bound == found
            }
            (Value::String(expected), Value::String(found)) => self.text(expected, found),
            (Value::Array(expected), Value::Array(found)) => {
                expected.len() == found.len()
                    && expected
                        .iter()
                        .zip(found)
                        .all(|(expected, found)| self.matches(expected, found))
            }
            (Value::Object(expected), Value::Object(found)) => {
                expected.len() == found.len()
                    && expected.iter().all(|(name, expected)| {
                        found.get(name).is_some_and(|found| self.matches(expected, found))
                    })
            }
            (expected, found) => expected == found,
        }
    }

    /// A text in which tokens stand for any text.
    fn text(&mut self, expected: &str, found: &str) -> bool {
        let first = self
            .wildcards
            .iter()
            .filter_map(|token| Some((expected.find(token.as_str())?, token)))
            .min();
        let Some((start, token)) = first else { return expected == found };
        let Some(found) = found.strip_prefix(&expected[..start]) else { return false };
        let (token, rest) = (token.clone(), &expected[start + token.len()..]);
        if let Some(bound) = self.bound.get(&token).and_then(Value::as_str) {
            let Some(found) = found.strip_prefix(bound) else { return false };
            let found = found.to_owned();
            return self.text(rest, &found);
        }
        (0..=found.len()).filter(|end| found.is_char_boundary(*end)).any(|end| {
            let before = self.bound.clone();
            self.bound.insert(token.clone(), found[..end].into());
            let same = self.text(rest, &found[end..]);
            if !same {
                self.bound = before;
            }
            same
        })
    }
}
