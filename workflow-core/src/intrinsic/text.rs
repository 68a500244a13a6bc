//! The intrinsic functions on text, and those that make it: encodings, hashes and identifiers.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{IntrinsicError, json_to_string};
use crate::Json;

/// The number of characters that can be encoded, decoded or hashed.
const LONGEST_DATA: usize = 10_000;

/// Base64 in the standard alphabet; what is decoded may go without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns a template with a value in the place of each `{}`: `States.Format`.
///
/// Text goes in as it is, and arrays and objects as AWS prints them, `[a, b]` and `{a=1, b=[]}`. In the template, `\{`,
/// `\}`, `\'` and `\\` stand for the character after the backslash, and any other backslash and brace for itself: a
/// template is passed with its escapes. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the template has another number of `{}` than there are values.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::format;
///
/// assert_eq!(format("{} is {}", &[json!("x"), json!(1)]), Ok("x is 1".to_owned()));
/// assert_eq!(format("{}", &[json!({ "a": 1, "b": [] })]), Ok("{a=1, b=[]}".to_owned()));
/// assert_eq!(format(r"\{\}", &[]), Ok("{}".to_owned()));
/// assert!(format("{} is {}", &[json!("x")]).is_err());
/// ```
pub fn format(template: &str, arguments: &[Json]) -> Result<String, IntrinsicError> {
    let mut text = String::with_capacity(template.len());
    let mut places = 0;
    let mut rest = template.chars();
    while let Some(character) = rest.next() {
        match (character, rest.clone().next()) {
            ('\\', Some(escaped @ ('{' | '}' | '\'' | '\\'))) => text.push(escaped),
            ('{', Some('}')) => {
                arguments.get(places).inspect(|value| print(value, &mut text));
                places += 1;
            }
            _ => {
                text.push(character);
                continue;
            }
        }
        rest.next();
    }
    if places != arguments.len() {
        let message = format!("the template has {places} `{{}}` for {} values", arguments.len());
        return Err(IntrinsicError::new("States.Format", message));
    }
    Ok(text)
}

/// Appends a value as AWS prints it, which is not JSON.
fn print(value: &Json, text: &mut String) {
    match value {
        Json::String(string) => text.push_str(string),
        Json::Array(elements) => {
            let elements = elements.iter().map(|element| (None, element));
            print_all('[', elements, ']', text);
        }
        Json::Object(fields) => {
            let fields = fields.iter().map(|(key, field)| (Some(key), field));
            print_all('{', fields, '}', text);
        }
        _ => text.push_str(&json_to_string(value)),
    }
}

fn print_all<'a>(
    open: char,
    values: impl Iterator<Item = (Option<&'a String>, &'a Json)>,
    close: char,
    text: &mut String,
) {
    text.push(open);
    for (position, (key, value)) in values.enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        if let Some(key) = key {
            text.push_str(key);
            text.push('=');
        }
        print(value, text);
    }
    text.push(close);
}

/// Returns the parts of a text between any of the separators' characters, without the empty ones: `States.StringSplit`.
///
/// ASL: section "Intrinsic functions".
///
/// # Example
///
/// ```
/// use workflow_core::intrinsic::string_split;
///
/// assert_eq!(string_split("This.is+a,test", ".+,"), ["This", "is", "a", "test"]);
/// assert_eq!(string_split("1,,2,", ","), ["1", "2"]);
/// ```
#[must_use]
pub fn string_split(text: &str, separators: &str) -> Vec<String> {
    text.split(|character| separators.contains(character))
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns a text in Base64, with padding: `States.Base64Encode`.
///
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the text has more than 10,000 characters.
///
/// # Example
///
/// ```
/// use workflow_core::intrinsic::base64_encode;
///
/// assert_eq!(base64_encode("Data to encode"), Ok("RGF0YSB0byBlbmNvZGU=".to_owned()));
/// assert!(base64_encode(&"a".repeat(10_001)).is_err());
/// ```
pub fn base64_encode(text: &str) -> Result<String, IntrinsicError> {
    bounded("States.Base64Encode", text)?;
    Ok(BASE64.encode(text))
}

/// Returns the text that stands in Base64: `States.Base64Decode`.
///
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the text has more than 10,000 characters, when it is not Base64, and when what it encodes is not UTF-8.
///
/// # Example
///
/// ```
/// use workflow_core::intrinsic::base64_decode;
///
/// assert_eq!(base64_decode("RGF0YSB0byBlbmNvZGU="), Ok("Data to encode".to_owned()));
/// assert!(base64_decode("not Base64!").is_err());
/// ```
pub fn base64_decode(text: &str) -> Result<String, IntrinsicError> {
    const FUNCTION: &str = "States.Base64Decode";
    bounded(FUNCTION, text)?;
    let bytes = BASE64.decode(text).map_err(|error| {
        IntrinsicError::new(FUNCTION, format!("the text is not Base64: {error}"))
    })?;
    String::from_utf8(bytes).map_err(|error| {
        IntrinsicError::new(FUNCTION, format!("what is encoded is not text: {error}"))
    })
}

/// Returns the hash of a value in hexadecimal: `States.Hash`.
///
/// The algorithm is `MD5`, `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`. Text is hashed as it is, any other value as its
/// [`json_to_string`]. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the algorithm is another one, and when the text has more than 10,000 characters.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::hash;
///
/// let hashed = hash(&json!("input data"), "SHA-1");
/// assert_eq!(hashed, Ok("aaff4a450a104cd177d28d18d74485e8cae074b7".to_owned()));
/// assert!(hash(&json!("input data"), "SHA1").is_err());
/// ```
pub fn hash(value: &Json, algorithm: &str) -> Result<String, IntrinsicError> {
    const FUNCTION: &str = "States.Hash";
    let data = value.as_str().map_or_else(|| json_to_string(value), str::to_owned);
    bounded(FUNCTION, &data)?;
    match algorithm {
        "MD5" => Ok(hexadecimal(&Md5::digest(data))),
        "SHA-1" => Ok(hexadecimal(&Sha1::digest(data))),
        "SHA-256" => Ok(hexadecimal(&Sha256::digest(data))),
        "SHA-384" => Ok(hexadecimal(&Sha384::digest(data))),
        "SHA-512" => Ok(hexadecimal(&Sha512::digest(data))),
        _ => Err(IntrinsicError::new(FUNCTION, format!("unknown algorithm `{algorithm}`"))),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bounded(function: &'static str, text: &str) -> Result<(), IntrinsicError> {
    match text.chars().count() {
        0..=LONGEST_DATA => Ok(()),
        length => {
            let message = format!("the text has {length} characters of at most {LONGEST_DATA}");
            Err(IntrinsicError::new(function, message))
        }
    }
}

/// Returns a new random identifier, a UUID of version 4: `States.UUID`.
///
/// ASL: section "Intrinsic functions".
///
/// # Example
///
/// ```
/// use workflow_core::intrinsic::uuid;
///
/// assert_eq!(uuid().len(), "ca4c1140-dcc1-40cd-ad05-7b4aa23df4a8".len());
/// assert_ne!(uuid(), uuid());
/// ```
#[must_use]
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_stands_where_its_braces_stood() {
        let template = "Formatting arguments fst={} and snd={}.";
        let formatted = format(template, &[json!(" "), json!("")]).unwrap();
        assert_eq!(formatted, "Formatting arguments fst=  and snd=.");
        assert_eq!(format("{} and {}", &[json!(1), json!(null)]).unwrap(), "1 and null");
    }

    #[test]
    fn a_value_with_braces_is_no_template() {
        let text = "{\"Arg1\": 1, \"Arg2\": []} {}";
        assert_eq!(format("{}", &[json!(text)]).unwrap(), text);
    }

    #[test]
    fn objects_are_printed_with_equals_signs() {
        let machine = json!({ "Id": "arn:aws:states", "Name": "sm0" });
        assert_eq!(format("snd={}.", &[machine]).unwrap(), "snd={Id=arn:aws:states, Name=sm0}.");
        let nested = json!([{ "a": 1, "b": [] }, "c", [true, null]]);
        assert_eq!(format("{}", &[nested]).unwrap(), "[{a=1, b=[]}, c, [true, null]]");
    }

    #[test]
    fn escaped_braces_are_no_place_for_a_value() {
        let formatted = format(r"\{{}\} it\'s C:\dir \\{} \{}", &[json!(1), json!(2)]).unwrap();
        assert_eq!(formatted, r"{1} it's C:\dir \2 {}");
    }

    #[test]
    fn every_value_needs_its_braces() {
        let error = format("{} {}", &[json!(1)]).unwrap_err();
        assert_eq!(error.message, "the template has 2 `{}` for 1 values");
        assert!(format("{", &[json!(1)]).is_err());
    }

    #[test]
    fn any_of_the_separators_splits() {
        let parts = string_split("This.is+a,test=string", ".+,=");
        assert_eq!(parts, ["This", "is", "a", "test", "string"]);
        let parts = string_split("split on T and \nnew line", "T\n");
        assert_eq!(parts, ["split on ", " and ", "new line"]);
    }

    #[test]
    fn empty_parts_are_dropped() {
        assert_eq!(string_split(", , ,", ","), [" ", " "]);
        assert!(string_split(",,,,", ",").is_empty());
        assert_eq!(string_split("whole", ""), ["whole"]);
    }

    #[test]
    fn base64_is_padded_and_read_without_padding() {
        assert_eq!(base64_encode("").unwrap(), "");
        assert_eq!(base64_encode("Data to encode").unwrap(), "RGF0YSB0byBlbmNvZGU=");
        assert_eq!(base64_decode("SGVsbG8gV29ybGQ=").unwrap(), "Hello World");
        assert_eq!(base64_decode("SGVsbG8gV29ybGQ").unwrap(), "Hello World");
    }

    #[test]
    fn base64_of_bytes_that_are_no_text_is_an_error() {
        assert!(base64_decode("//8=").is_err());
    }

    #[test]
    fn a_hash_is_hexadecimal() {
        let hash = |algorithm| hash(&json!("input data"), algorithm).unwrap();
        assert_eq!(hash("MD5"), "812f45842bc6d66ee14572ce20db8e86");
        assert_eq!(hash("SHA-1"), "aaff4a450a104cd177d28d18d74485e8cae074b7");
        let sha256 = "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3";
        assert_eq!(hash("SHA-256"), sha256);
        assert_eq!((hash("SHA-384").len(), hash("SHA-512").len()), (96, 128));
    }

    #[test]
    fn data_has_at_most_10_000_characters() {
        let longest = "é".repeat(10_000);
        assert!(hash(&json!(longest), "MD5").is_ok());
        let error = hash(&json!(longest + "é"), "MD5").unwrap_err();
        assert_eq!(error.message, "the text has 10001 characters of at most 10000");
    }

    #[test]
    fn an_identifier_is_of_version_4() {
        assert_eq!(uuid().chars().nth(14), Some('4'));
    }
}
