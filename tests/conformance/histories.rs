//! Whether a history is the recorded one: types, order, the events that each follows from, and details, with the allowances of the
//! recordings.

use serde_json::{Value, json};

use crate::cases::Case;
use crate::matching::{Matcher, of_state};

/// What a history has otherwise than the recording. It stands in the outcome under the name of who has made it.
pub(crate) fn difference(case: &Case, outcome: &Value, made_by: &str) -> Option<String> {
    let expected = case.expected["history"].as_array()?;
    let mut found = outcome[made_by].as_array().cloned().unwrap_or_default();
    // The recordings leave it out where the order of branches is erased.
    let is_told = expected.iter().any(|event| event["type"] == "ParallelStateSucceeded");
    if case.is_concurrent && !is_told {
        found.retain(|event| event["type"] != "ParallelStateSucceeded");
    }
    let difference = in_order(case, expected, &found)?;
    // What runs side by side may be told in another order.
    if case.is_concurrent && in_any_order(case, expected, &found) {
        return None;
    }
    Some(difference)
}

fn in_order(case: &Case, expected: &[Value], found: &[Value]) -> Option<String> {
    let mut matcher = Matcher::of(case);
    for (wanted, got) in expected.iter().zip(found) {
        let ids = wanted["id"].is_null()
            || wanted["id"] == got["id"] && wanted["previous"] == got["previous"];
        if !ids || !is_same(&mut matcher, wanted, got, found) {
            return Some(format!("{got}\n    on AWS {wanted}"));
        }
    }
    let types = |events: &[Value]| -> Vec<String> {
        events.iter().map(|event| event["type"].to_string()).collect()
    };
    (expected.len() != found.len())
        .then(|| format!("{}\n    on AWS {}", types(found).join(" "), types(expected).join(" ")))
}

fn in_any_order(case: &Case, expected: &[Value], found: &[Value]) -> bool {
    let mut left: Vec<&Value> = found.iter().collect();
    let mut matcher = Matcher::of(case);
    let all = expected.iter().all(|wanted| {
        let position = left.iter().position(|got| {
            let before = matcher.clone();
            let same = is_same(&mut matcher, wanted, got, found);
            if !same {
                matcher = before;
            }
            same
        });
        position.map(|position| left.remove(position)).is_some()
    });
    all && left.is_empty()
}

fn is_same(matcher: &mut Matcher<'_>, wanted: &Value, got: &Value, found: &[Value]) -> bool {
    if wanted["type"] != got["type"] {
        return false;
    }
    let (mut wanted, mut got) = (details(wanted), details(got));
    let is_json = !wanted["cause_json"].is_null();
    if let Some(fields) = wanted.as_object_mut() {
        fields.remove("cause_text_reconstructed");
        if let Some(cause) = fields.remove("cause_json") {
            fields.insert("cause".to_owned(), cause);
        }
    }
    let cause = got["cause"].as_str().unwrap_or_default().to_owned();
    if is_json {
        got["cause"] = serde_json::from_str(&cause).unwrap_or_default();
    } else if let Some(text) = wanted["cause"].as_str()
        && let Some(rest) = without_state(text, found)
    {
        wanted["cause"] = json!(rest);
    }
    matcher.matches(&wanted, &got)
}

/// A cause without the state that it is of: that state is entered at the event that the cause names.
fn without_state<'c>(cause: &'c str, found: &[Value]) -> Option<&'c str> {
    let (state, id, rest) = of_state(cause)?;
    let id: u64 = id.parse().ok()?;
    let entered = found.iter().find(|event| event["id"] == id)?;
    (entered["details"]["name"] == state).then_some(rest)
}

fn details(event: &Value) -> Value {
    match &event["details"] {
        Value::Null => json!({}),
        details => details.clone(),
    }
}
