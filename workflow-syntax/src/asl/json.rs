//! JSON with the place of every value, from text or from the tokens of a macro.
//!
//! Among tokens, a Rust path or a call may stand where JSON has a value: the task that a `Resource` names.

pub mod text;
pub mod tokens;

use syn::Path;

use crate::parse::expression::path_text;
use crate::parse::{Literal, Name};
use crate::span::Span;

/// What is said of a number that no float comes near.
const OUT_OF_RANGE: &str = "this number is larger than any that JSON's readers hold";

/// A value and where it begins.
#[derive(Clone)]
pub struct Json {
    pub value: Value,
    pub span: Span,
}

/// A JSON value, or a task.
#[derive(Clone)]
pub enum Value {
    /// `null`, a truth value, a number or a text.
    Literal(Literal),
    Array(Vec<Json>),
    Object(Vec<(Name, Json)>),
    /// `check_inventory`, or `lambda::invoke(check_inventory)`.
    Task {
        integration: Option<Path>,
        function: Path,
    },
}

impl Json {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    pub fn object(&self) -> Option<&[(Name, Json)]> {
        match &self.value {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn array(&self) -> Option<&[Json]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Literal(Literal::Null))
    }

    /// What it is, as a message says it: the value itself where it is short.
    pub fn said(&self) -> String {
        const MOST: usize = 40;
        match &self.value {
            Value::Literal(Literal::Text(text)) if text.chars().count() > MOST => {
                "a string".to_owned()
            }
            Value::Literal(literal) => literal.to_json(),
            Value::Array(_) => "an array".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            Value::Task { function, .. } => format!("the task `{}`", path_text(function)),
        }
    }
}
