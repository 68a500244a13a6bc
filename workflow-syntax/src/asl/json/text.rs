//! JSON from the text of a file.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Json, Value};
use crate::diagnostics::Diagnostics;
use crate::parse::{Literal, Name};
use crate::span::{Place, Span};

/// JSON as it is on AWS: without what its dialects add.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads the text of a file, which a token of the user names. What is no JSON is reported.
pub fn read(text: &str, file: proc_macro2::Span, diagnostics: &mut Diagnostics) -> Option<Json> {
    // Some editors begin a file with a mark of its byte order.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let span = |offset: usize| Span::in_file(file, lines.place(offset));
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => match parsed.value {
            Some(value) => {
                let mut reader = Reader { span: &span, diagnostics };
                Some(reader.json(&value))
            }
            None => {
                diagnostics.error(span(0), "the definition is empty").code("MISSING_DESCRIPTION");
                None
            }
        },
        Err(error) => {
            let what = error.kind().to_string();
            diagnostics
                .error(
                    span(error.range().start),
                    format_args!("this is no JSON: {}", sentence(&what)),
                )
                .code("INVALID_JSON_DESCRIPTION");
            None
        }
    }
}

/// A message of the parser as the end of ours.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Reads what the parser found.
struct Reader<'r> {
    span: &'r dyn Fn(usize) -> Span,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    fn json(&mut self, value: &ast::Value<'_>) -> Json {
        let span = (self.span)(value.start());
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Literal(Literal::Null),
            ast::Value::BooleanLit(boolean) => Value::Literal(Literal::Boolean(boolean.value)),
            ast::Value::NumberLit(number) => Value::Literal(self.number(number.value, span)),
            ast::Value::StringLit(text) => Value::Literal(Literal::Text(text.value.to_string())),
            ast::Value::Array(array) => {
                Value::Array(array.elements.iter().map(|element| self.json(element)).collect())
            }
            ast::Value::Object(object) => {
                let properties = object.properties.iter();
                Value::Object(properties.map(|property| self.property(property)).collect())
            }
        };
        Json { value, span }
    }

    fn property(&mut self, property: &ast::ObjectProp<'_>) -> (Name, Json) {
        let name = property.name.as_str().to_owned();
        let name = Name { text: name, span: (self.span)(property.range.start) };
        (name, self.json(&property.value))
    }

    fn number(&mut self, text: &str, span: Span) -> Literal {
        Literal::number(text).unwrap_or_else(|| {
            self.diagnostics.error(span, super::OUT_OF_RANGE);
            Literal::Null
        })
    }
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(position, _)| position + 1))
            .collect();
        Self { text, starts }
    }

    /// The line and the column, in characters, of an offset in bytes.
    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        Place { line, column: column + 1 }
    }
}
