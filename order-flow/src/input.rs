//! The order that the program is given: where it stands, and what is wrong with it.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use order_flow::order::Order;
use serde::de::IgnoredAny;

/// Returns the orders that are handled where none is given.
pub(crate) fn examples() -> Vec<Order> {
    let order = |order_id: &str, book_id: &str| Order {
        order_id: order_id.to_owned(),
        book_id: book_id.to_owned(),
    };
    vec![order("123", "343222"), order("124", "343122")]
}

/// Reads the order that an argument is, or that stands where it says.
pub(crate) fn read(argument: &OsStr) -> Result<Order, InputError> {
    let (source, text) = find(argument)?;
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        return Err(InputError::Empty(source));
    }
    parse(text).map_err(|(place, what)| InputError::Wrong { source, place, what })
}

/// Tells JSON from the name of a file.
///
/// What begins with `{` is meant as JSON, even where it is not quite JSON. All else may be the name of a file, and is one
/// where it can be read; only then may it be JSON that is no order, such as `[]` or `123`.
fn find(argument: &OsStr) -> Result<(Source, String), InputError> {
    if argument == "-" {
        let text = io::read_to_string(io::stdin());
        return readable(Source::StandardInput, text);
    }
    let text = argument.to_str().unwrap_or_default();
    if text.trim_start().starts_with('{') {
        return Ok((Source::Argument, text.to_owned()));
    }
    match fs::read_to_string(argument) {
        Err(_) if argument.is_empty() => Err(InputError::Empty(Source::Argument)),
        Err(_) if is_json(text) => Ok((Source::Argument, text.to_owned())),
        text => readable(Source::File(argument.into()), text),
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['[', '"']) || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn readable(source: Source, text: io::Result<String>) -> Result<(Source, String), InputError> {
    match text {
        Ok(text) => Ok((source, text)),
        Err(error) => Err(InputError::Unreadable { source, error }),
    }
}

/// Reads an order from JSON. All of it must be JSON before any of it is held against an order.
fn parse(text: &str) -> Result<Order, (Place, String)> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| describe(text, &error, None))?;
    expect_object(text)?;
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().iter().next().is_some().then(|| error.path().to_string());
        describe(text, error.inner(), field)
    })
}

/// Refuses what is no object. Serde would take an array for an order, field by field.
fn expect_object(text: &str) -> Result<(), (Place, String)> {
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
    Err((place, format!("not an order: expected an object, found {found}")))
}

fn describe(text: &str, error: &serde_json::Error, field: Option<String>) -> (Place, String) {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message =
        message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
    let what = match (error.is_data(), field) {
        (true, Some(field)) => format!("not an order: `{field}`: {message}"),
        (true, None) => format!("not an order: {message}"),
        (false, _) => format!("not JSON: {}", message.replacen("EOF", "unexpected end", 1)),
    };
    (Place::new(text, line, column), what)
}

/// A position in a text. Both numbers count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// Makes a place of what `serde_json` counts: it counts bytes where a person counts characters.
    fn new(text: &str, line: usize, bytes: usize) -> Self {
        let before = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
        let characters = before.char_indices().take_while(|(start, _)| *start < bytes).count();
        Self { line, column: characters.max(1) }
    }

    /// The place of the first character after a text.
    fn after(text: &str) -> Self {
        let line = text.rsplit('\n').next().unwrap_or_default();
        Self { line: text.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// Where an order comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Argument,
    File(PathBuf),
    StandardInput,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("argument"),
            Self::StandardInput => f.write_str("standard input"),
            // The name of a file may hold line breaks, and what a terminal would obey.
            Self::File(path) => {
                let shown = |character: char| {
                    if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }
                };
                f.write_str(&path.to_string_lossy().chars().map(shown).collect::<String>())
            }
        }
    }
}

/// Why there is no order to handle.
#[derive(Debug)]
pub(crate) enum InputError {
    /// It cannot be read.
    Unreadable { source: Source, error: io::Error },
    /// There is nothing in it.
    Empty(Source),
    /// It is not JSON, or not an order.
    Wrong { source: Source, place: Place, what: String },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { source, error } if error.kind() == io::ErrorKind::NotFound => {
                write!(f, "{source}: no such file (an order given as JSON begins with `{{`)")
            }
            Self::Unreadable { source, error } => write!(f, "{source}: {error}"),
            Self::Empty(source) => write!(f, "{source}: empty, expected an order as JSON"),
            Self::Wrong { source, place: Place { line, column }, what } => {
                write!(f, "{source}, line {line}, column {column}: {what}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(json: &str) -> String {
        read(OsStr::new(json)).unwrap_err().to_string()
    }

    #[test]
    fn fields_that_an_order_does_not_have_are_ignored() {
        let order =
            read(OsStr::new(r#" {"bookId": "7", "gift": {"ribbon": true}, "orderId": "1"}"#));
        assert_eq!(order.unwrap(), Order { order_id: "1".to_owned(), book_id: "7".to_owned() });
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
    fn json_that_is_no_object_is_not_an_order() {
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
}
