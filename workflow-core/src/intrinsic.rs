//! The 18 intrinsic functions of the language on [`Json`], each under its ASL name in snake case.
//!
//! They do what AWS Step Functions does; where nothing was recorded there, the Developer Guide decides. Paths among the
//! arguments are resolved before a function sees them, and how a call is written is for the notations to parse.

mod array;
mod json;
mod math;
mod text;

use std::fmt;

use crate::Json;

pub use array::{
    array, array_contains, array_get_item, array_length, array_partition, array_range, array_unique,
};
pub use json::{json_merge, json_to_string, string_to_json};
pub use math::{math_add, math_random};
pub use text::{base64_decode, base64_encode, format, hash, string_split, uuid};

/// Why an intrinsic function has no result: ASL's `States.IntrinsicFailure`.
///
/// Its text begins as AWS's does, with the name of the function where AWS quotes the whole call; who knows the call can
/// put it in front of [`message`](Self::message) instead.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_length;
///
/// let error = array_length(&json!("text")).unwrap_err();
/// assert_eq!(error.function, "States.ArrayLength");
/// assert_eq!(
///     error.to_string(),
///     "The function 'States.ArrayLength' had the following error: the array must be an array, found a string",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntrinsicError {
    /// The ASL name of the function, such as `States.ArrayLength`; `States` alone when no function has the name called.
    pub function: &'static str,
    /// What was found, and what the function takes.
    pub message: String,
}

impl IntrinsicError {
    fn new(function: &'static str, message: impl Into<String>) -> Self {
        Self { function, message: message.into() }
    }

    /// An argument, by its name, is not of the type that the function takes.
    fn wrong_type(function: &'static str, argument: &str, expected: &str, found: &Json) -> Self {
        let found = match found {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        };
        Self::new(function, format!("the {argument} must be {expected}, found {found}"))
    }
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The function '{}' had the following error: {}", self.function, self.message)
    }
}

impl From<IntrinsicError> for Box<crate::ErrorOutput> {
    #[cold]
    fn from(error: IntrinsicError) -> Self {
        crate::ErrorOutput::new("States.IntrinsicFailure", error.to_string())
    }
}

impl std::error::Error for IntrinsicError {}

/// What a call may look like: the name in snake case, the ASL name, and the arguments.
const CALLS: [(&str, &str, &str); 18] = [
    ("format", "States.Format", "a template and the values for its `{}`"),
    ("string_to_json", "States.StringToJson", "1 argument"),
    ("json_to_string", "States.JsonToString", "1 argument"),
    ("array", "States.Array", "any arguments"),
    ("array_partition", "States.ArrayPartition", "2 arguments"),
    ("array_contains", "States.ArrayContains", "2 arguments"),
    ("array_range", "States.ArrayRange", "3 arguments"),
    ("array_get_item", "States.ArrayGetItem", "2 arguments"),
    ("array_length", "States.ArrayLength", "1 argument"),
    ("array_unique", "States.ArrayUnique", "1 argument"),
    ("base64_encode", "States.Base64Encode", "1 argument"),
    ("base64_decode", "States.Base64Decode", "1 argument"),
    ("hash", "States.Hash", "2 arguments"),
    ("json_merge", "States.JsonMerge", "3 arguments"),
    ("math_random", "States.MathRandom", "2 or 3 arguments"),
    ("math_add", "States.MathAdd", "2 arguments"),
    ("string_split", "States.StringSplit", "2 arguments"),
    ("uuid", "States.UUID", "no arguments"),
];

/// Calls the function with a name in snake case, for definitions that are read while the program runs.
///
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When no function has the name, when it takes another number of arguments or other types, and when it fails itself.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::call;
///
/// assert_eq!(call("math_add", &[json!(111), json!(-1)]), Ok(json!(110)));
///
/// let error = call("math_add", &[json!(111)]).unwrap_err();
/// assert_eq!(error.message, "expected 2 arguments, found 1");
/// ```
pub fn call(name: &str, arguments: &[Json]) -> Result<Json, IntrinsicError> {
    Ok(match (name, arguments) {
        ("format", [template, values @ ..]) => {
            format(string("States.Format", "template", template)?, values)?.into()
        }
        ("string_to_json", [text]) => string_to_json(string("States.StringToJson", "text", text)?)?,
        ("json_to_string", [value]) => json_to_string(value).into(),
        ("array", values) => array(values.to_vec()),
        ("array_partition", [array, size]) => array_partition(array, size)?.into(),
        ("array_contains", [array, value]) => array_contains(array, value)?.into(),
        ("array_range", [first, last, step]) => array_range(first, last, step)?.into(),
        ("array_get_item", [array, index]) => array_get_item(array, index)?,
        ("array_length", [array]) => array_length(array)?.into(),
        ("array_unique", [array]) => array_unique(array)?.into(),
        ("base64_encode", [text]) => {
            base64_encode(string("States.Base64Encode", "text", text)?)?.into()
        }
        ("base64_decode", [text]) => {
            base64_decode(string("States.Base64Decode", "text", text)?)?.into()
        }
        ("hash", [value, algorithm]) => {
            hash(value, string("States.Hash", "algorithm", algorithm)?)?.into()
        }
        ("json_merge", [first, second, deep]) => json_merge(first, second, boolean(deep)?)?,
        ("math_random", [start, end]) => math_random(start, end, None)?.into(),
        ("math_random", [start, end, seed]) => math_random(start, end, Some(seed))?.into(),
        ("math_add", [first, second]) => math_add(first, second)?.into(),
        ("string_split", [text, separators]) => split(text, separators)?,
        ("uuid", []) => uuid().into(),
        _ => return Err(wrong_call(name, arguments.len())),
    })
}

fn split(text: &Json, separators: &Json) -> Result<Json, IntrinsicError> {
    let string = |argument, value| string("States.StringSplit", argument, value);
    Ok(string_split(string("text", text)?, string("separators", separators)?).into())
}

fn string<'a>(
    function: &'static str,
    argument: &str,
    value: &'a Json,
) -> Result<&'a str, IntrinsicError> {
    value.as_str().ok_or_else(|| IntrinsicError::wrong_type(function, argument, "a string", value))
}

fn boolean(deep: &Json) -> Result<bool, IntrinsicError> {
    deep.as_bool()
        .ok_or_else(|| IntrinsicError::wrong_type("States.JsonMerge", "deep", "a boolean", deep))
}

fn wrong_call(name: &str, count: usize) -> IntrinsicError {
    match CALLS.iter().find(|(snake, ..)| *snake == name) {
        Some((_, function, takes)) => {
            IntrinsicError::new(function, format!("expected {takes}, found {count}"))
        }
        None => IntrinsicError::new("States", format!("unknown intrinsic function `{name}`")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_function_answers_to_its_name() {
        let arguments = vec![json!({}); 4];
        for (name, function, _) in CALLS.iter().filter(|(name, ..)| *name != "array") {
            assert_eq!(call(name, &arguments).unwrap_err().function, *function);
        }
        assert_eq!(call("array", &arguments), Ok(json!(arguments)));
    }

    #[test]
    fn a_call_checks_the_number_of_arguments() {
        let error = call("array_range", &[json!(1), json!(9)]).unwrap_err();
        assert_eq!(error.message, "expected 3 arguments, found 2");
        assert!(call("uuid", &[json!(null)]).is_err());
        assert!(call("format", &[]).is_err());
    }

    #[test]
    fn a_call_checks_the_types_of_its_arguments() {
        let error = call("hash", &[json!("input data"), json!(256)]).unwrap_err();
        assert_eq!(error.message, "the algorithm must be a string, found a number");
        assert!(call("json_merge", &[json!({}), json!({}), json!(0)]).is_err());
        assert!(call("string_split", &[json!("a,b"), json!(null)]).is_err());
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        let error = call("reverse", &[]).unwrap_err();
        assert_eq!(error.message, "unknown intrinsic function `reverse`");
    }

    #[test]
    fn calls_can_be_nested() {
        let parts = call("string_split", &[json!("sm0-7"), json!("-")]).unwrap();
        let length = call("array_length", std::slice::from_ref(&parts)).unwrap();
        let last = call("math_add", &[length, json!(-1)]).unwrap();
        assert_eq!(call("array_get_item", &[parts, last]), Ok(json!("7")));
    }
}
