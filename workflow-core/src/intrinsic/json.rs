//! The intrinsic functions between JSON and its text, and the one that merges objects.

use super::IntrinsicError;
use crate::Json;

/// Returns the JSON that a text spells: `States.StringToJson`.
///
/// Text that is empty or all white space is null, and `-0` is 0, as on AWS. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the text is not JSON.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::string_to_json;
///
/// assert_eq!(string_to_json("{\"number\": 20}"), Ok(json!({ "number": 20 })));
/// assert_eq!(string_to_json(""), Ok(json!(null)));
/// assert!(string_to_json("{number: 20}").is_err());
/// ```
pub fn string_to_json(text: &str) -> Result<Json, IntrinsicError> {
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    let mut value = serde_json::from_str(text).map_err(|error| {
        IntrinsicError::new("States.StringToJson", format!("the text is not JSON: {error}"))
    })?;
    without_negative_zero(&mut value);
    Ok(value)
}

/// `serde_json` reads `-0` as a float, AWS as the integer 0.
fn without_negative_zero(value: &mut Json) {
    match value {
        Json::Number(number) if number.to_string() == "-0.0" => *value = Json::from(0),
        Json::Array(elements) => elements.iter_mut().for_each(without_negative_zero),
        Json::Object(fields) => fields.values_mut().for_each(without_negative_zero),
        _ => {}
    }
}

/// Returns the text of a value as JSON without white space, its keys in their order: `States.JsonToString`.
///
/// ASL: section "Intrinsic functions".
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::json_to_string;
///
/// assert_eq!(json_to_string(&json!([1, 2, "HelloWorld"])), "[1,2,\"HelloWorld\"]");
/// assert_eq!(json_to_string(&json!("HelloWorld")), "\"HelloWorld\"");
/// ```
#[must_use]
pub fn json_to_string(value: &Json) -> String {
    value.to_string()
}

/// Returns an object with the fields of two; the second's stand for equal keys: `States.JsonMerge`.
///
/// Objects in them are not merged. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When an argument is not an object, and when `deep` is true, which AWS does not support.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::json_merge;
///
/// let first = json!({ "a": { "a1": 1, "a2": 2 }, "b": 2 });
/// let second = json!({ "a": { "a3": 1 }, "c": 3 });
/// let merged = json!({ "a": { "a3": 1 }, "b": 2, "c": 3 });
/// assert_eq!(json_merge(&first, &second, false), Ok(merged));
/// assert!(json_merge(&first, &second, true).is_err());
/// ```
pub fn json_merge(first: &Json, second: &Json, deep: bool) -> Result<Json, IntrinsicError> {
    const FUNCTION: &str = "States.JsonMerge";
    if deep {
        return Err(IntrinsicError::new(FUNCTION, "deep merging is not supported, only shallow"));
    }
    let object = |argument, value: &Json| {
        let object = value.as_object().cloned();
        object.ok_or_else(|| IntrinsicError::wrong_type(FUNCTION, argument, "an object", value))
    };
    let mut merged = object("first argument", first)?;
    merged.extend(object("second argument", second)?);
    Ok(Json::Object(merged))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blank_text_is_null() {
        assert_eq!(string_to_json(""), Ok(Json::Null));
        assert_eq!(string_to_json(" "), Ok(Json::Null));
        assert_eq!(string_to_json("null"), Ok(Json::Null));
    }

    #[test]
    fn negative_zero_is_the_integer_zero() {
        assert_eq!(string_to_json("-0"), Ok(json!(0)));
        assert_eq!(string_to_json("{\"a\": [-0, 0.0, -1]}"), Ok(json!({ "a": [0, 0.0, -1] })));
    }

    #[test]
    fn text_is_read_as_it_is_written() {
        assert_eq!(string_to_json("1.1"), Ok(json!(1.1)));
        assert_eq!(string_to_json("\"HelloWorld\""), Ok(json!("HelloWorld")));
        assert_eq!(
            string_to_json("{\"Arg1\": 1, \"Arg2\": []}"),
            Ok(json!({ "Arg1": 1, "Arg2": [] }))
        );
    }

    #[test]
    fn text_that_is_not_json_is_an_error() {
        let error = string_to_json("Hello").unwrap_err();
        assert_eq!(error.message, "the text is not JSON: expected value at line 1 column 1");
    }

    #[test]
    fn json_text_has_no_white_space() {
        assert_eq!(json_to_string(&json!(null)), "null");
        assert_eq!(json_to_string(&json!(1.1)), "1.1");
        assert_eq!(json_to_string(&json!("HelloWorld")), "\"HelloWorld\"");
        assert_eq!(json_to_string(&json!([1, 2, "HelloWorld"])), "[1,2,\"HelloWorld\"]");
        assert_eq!(json_to_string(&json!({ "test": "object" })), "{\"test\":\"object\"}");
    }

    #[test]
    fn the_second_object_replaces_the_fields_of_the_first() {
        let first = json!({ "a": { "a1": 1, "a2": 2 }, "b": 2, "d": 3 });
        let second = json!({ "a": { "a3": 1, "a4": 2 }, "c": 3, "d": 4 });
        let merged = json!({ "a": { "a3": 1, "a4": 2 }, "b": 2, "c": 3, "d": 4 });
        assert_eq!(json_merge(&first, &second, false), Ok(merged));
    }

    #[test]
    fn only_objects_are_merged() {
        let error = json_merge(&json!({}), &json!([]), false).unwrap_err();
        assert_eq!(error.message, "the second argument must be an object, found an array");
        assert!(json_merge(&json!({}), &json!({}), true).is_err());
    }
}
