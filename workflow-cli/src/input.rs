//! The input that a program is given: where it stands, and what is wrong with it.

use std::ffi::OsStr;
use std::io::Read;
use std::path::PathBuf;
use std::{fmt, fs, io};

use serde::de::IgnoredAny;
use workflow_core::{Data, Shape};

use crate::terminal::harmless;

/// Reads the data that an argument is, or that stands where it says: JSON, a file of JSON, or `-` for standard input.
/// Messages call the data so, as in `an order`.
///
/// What begins with `{` is meant as JSON, even where it is not quite JSON. All else may be the name of a file, and is one
/// where it can be read; only then may it be JSON that is no object, such as `[]` or `123`.
///
/// # Errors
///
/// When there is nothing, or it is not JSON, or not such data.
///
/// # Example
///
/// ```
/// use std::ffi::OsStr;
///
/// let copies = workflow_cli::read_input::<u32>(OsStr::new("20"), "a number of copies")?;
/// assert_eq!(copies, 20);
///
/// let error = workflow_cli::read_input::<u32>(OsStr::new("[20]"), "a number of copies").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "argument, line 1, column 1: not a number of copies: invalid type: sequence, expected u32"
/// );
/// # Ok::<(), workflow_cli::InputError>(())
/// ```
pub fn read<T: Data>(argument: &OsStr, called: &str) -> Result<T, InputError> {
    let is_object = matches!(T::TYPE.shape, Shape::Object(_));
    let wrong = |source, fault| InputError { source, fault, called: called.to_owned(), is_object };
    let (source, bytes) = match find(argument) {
        (source, Ok(bytes)) => (source, bytes),
        (source, Err(error)) => return Err(wrong(source, Fault::Unreadable(error))),
    };
    let text = match text(&bytes) {
        Ok(text) => text,
        Err(place) => {
            let what = "not JSON: the bytes are no UTF-8".to_owned();
            return Err(wrong(source, Fault::Wrong { place, what }));
        }
    };
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(wrong(source, Fault::Empty));
    }
    parse(text, called, is_object)
        .map_err(|(place, what)| wrong(source, Fault::Wrong { place, what }))
}

/// Tells JSON from the name of a file.
fn find(argument: &OsStr) -> (Source, io::Result<Vec<u8>>) {
    if argument == "-" {
        let mut bytes = Vec::new();
        return (Source::StandardInput, io::stdin().read_to_end(&mut bytes).map(|_| bytes));
    }
    let text = argument.to_str().unwrap_or_default();
    if argument.is_empty() || text.trim_start().starts_with('{') {
        return (Source::Argument, Ok(text.into()));
    }
    match fs::read(argument) {
        Err(_) if is_json(text) => (Source::Argument, Ok(text.into())),
        bytes => (Source::File(argument.into()), bytes),
    }
}

/// The bytes as text, or the place of the first ones that are none.
fn text(bytes: &[u8]) -> Result<&str, Place> {
    str::from_utf8(bytes).map_err(|error| {
        let (before, _) = bytes.split_at(error.valid_up_to());
        Place::after(str::from_utf8(before).unwrap_or_default())
    })
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['[', '"']) || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Reads data from JSON. All of it must be JSON before any of it is held against the data.
fn parse<T: Data>(text: &str, called: &str, is_object: bool) -> Result<T, (Place, String)> {
    serde_json::from_str::<IgnoredAny>(text)
        .map_err(|error| describe(text, &error, None, called))?;
    if is_object {
        expect_object(text, called)?;
    }
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().iter().next().is_some().then(|| error.path().to_string());
        describe(text, error.inner(), field, called)
    })
}

/// Refuses what is no object. Serde would take an array for a struct, field by field.
fn expect_object(text: &str, called: &str) -> Result<(), (Place, String)> {
    let json = text.trim_start();
    let found = match json.chars().next() {
        Some('{') => return Ok(()),
        Some('[') => "an array",
        Some('"') => "a string",
        Some('t' | 'f') => "a boolean",
        Some('n') => "null",
        _ => "a number",
    };
    let place = Place::after(&text[..text.len() - json.len()]);
    Err((place, format!("not {called}: expected an object, found {found}")))
}

fn describe(
    text: &str,
    error: &serde_json::Error,
    field: Option<String>,
    called: &str,
) -> (Place, String) {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message =
        message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
    let what = match (error.is_data(), field) {
        (true, Some(field)) => format!("not {called}: `{field}`: {message}"),
        (true, None) => format!("not {called}: {message}"),
        (false, _) => format!("not JSON: {}", message.replacen("EOF", "unexpected end", 1)),
    };
    (Place::new(text, line, column), what)
}

/// A position in a text. Both numbers count from 1.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// Makes a place of what `serde_json` counts: it counts bytes where a person counts characters.
    fn new(text: &str, line: usize, bytes: usize) -> Self {
        let before = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
        let characters = before.char_indices().take_while(|(start, _)| *start < bytes).count();
        Self { line: line.max(1), column: characters.max(1) }
    }

    /// The place of the first character after a text.
    fn after(text: &str) -> Self {
        let line = text.rsplit('\n').next().unwrap_or_default();
        Self { line: text.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// Where an input comes from.
#[derive(Debug)]
enum Source {
    Argument,
    File(PathBuf),
    StandardInput,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("argument"),
            Self::StandardInput => f.write_str("standard input"),
            // The name of a file may hold line breaks.
            Self::File(path) => f.write_str(&harmless(&path.to_string_lossy())),
        }
    }
}

/// Why there is no input.
#[derive(Debug)]
pub struct InputError {
    source: Source,
    fault: Fault,
    /// What messages call the input.
    called: String,
    /// Whether as JSON it is an object.
    is_object: bool,
}

#[derive(Debug)]
enum Fault {
    /// It cannot be read.
    Unreadable(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is not JSON, or not such data.
    Wrong { place: Place, what: String },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, fault, called, is_object } = self;
        match fault {
            Fault::Unreadable(error) if error.kind() == io::ErrorKind::NotFound && *is_object => {
                write!(f, "{source}: no such file ({called} given as JSON begins with `{{`)")
            }
            Fault::Unreadable(error) if error.kind() == io::ErrorKind::NotFound => {
                write!(f, "{source}: no such file, and not JSON")
            }
            Fault::Unreadable(error) => write!(f, "{source}: {error}"),
            Fault::Empty => write!(f, "{source}: empty, expected {called} as JSON"),
            Fault::Wrong { place: Place { line, column }, what } => {
                write!(f, "{source}, line {line}, column {column}: {what}")
            }
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Unreadable(error) => Some(error),
            Fault::Empty | Fault::Wrong { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use workflow_core::Json;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        order_id: String,
        book_id: String,
    }

    fn order(json: &str) -> Result<Order, String> {
        read(OsStr::new(json), "an order").map_err(|error| error.to_string())
    }

    fn wrong(json: &str) -> String {
        order(json).unwrap_err()
    }

    #[test]
    fn fields_that_a_type_does_not_have_are_ignored() {
        let read = order(r#" {"bookId": "7", "gift": {"ribbon": true}, "orderId": "1"}"#);
        assert_eq!(read, Ok(Order { order_id: "1".to_owned(), book_id: "7".to_owned() }));
    }

    #[test]
    fn text_that_is_not_json_is_refused_before_its_fields_are_looked_at() {
        assert_eq!(
            wrong(r#"{"orderId": 1"#),
            "argument, line 1, column 13: not JSON: unexpected end while parsing an object"
        );
        assert_eq!(
            wrong("{orderId: 1}"),
            "argument, line 1, column 2: not JSON: key must be a string"
        );
    }

    #[test]
    fn json_that_is_no_object_is_no_struct() {
        for (json, column, found) in [
            (r#"["123", "343222"]"#, 1, "an array"),
            (r#"  "123""#, 3, "a string"),
            ("123", 1, "a number"),
            ("true", 1, "a boolean"),
            ("null", 1, "null"),
        ] {
            let expected = format!(
                "argument, line 1, column {column}: not an order: expected an object, found {found}"
            );
            assert_eq!(wrong(json), expected);
        }
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(
            wrong("{\"orderId\": \"ÄÖÜ\",\n\"büch\": 1, \"bookId\": 7}"),
            "argument, line 2, column 22: not an order: `bookId`: invalid type: integer `7`, expected a string"
        );
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place() {
        let place = |line, column| Err(Place { line, column });
        assert_eq!(text(b"{}"), Ok("{}"));
        assert_eq!(text(b"\xff{}"), place(1, 1));
        assert_eq!(text("{\n\"büch\": \"".as_bytes()), Ok("{\n\"büch\": \""));
        assert_eq!(text(b"{\n\"b\xc3\xbcch\": \"\xe4"), place(2, 10));
    }

    #[test]
    fn an_argument_with_nothing_in_it_is_empty() {
        assert_eq!(wrong(""), "argument: empty, expected an order as JSON");
    }

    #[test]
    fn the_name_of_a_file_stays_on_its_line() {
        assert_eq!(
            wrong("no\nsuch"),
            "no\u{fffd}such: no such file (an order given as JSON begins with `{`)"
        );
    }

    #[test]
    fn data_that_are_no_object_are_taken_as_they_are() {
        assert_eq!(read::<i32>(OsStr::new("-5"), "a number").unwrap(), -5);
        assert_eq!(read::<Json>(OsStr::new("[1]"), "an output").unwrap(), serde_json::json!([1]));
        let error = read::<Json>(OsStr::new("done"), "an output").unwrap_err();
        assert_eq!(error.to_string(), "done: no such file, and not JSON");
    }
}
