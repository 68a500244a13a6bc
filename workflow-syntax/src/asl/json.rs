//! JSON with the place of every value, from text or from the tokens of a macro.
//!
//! Among tokens, a Rust path or a call may stand where JSON has a value: the task that a `Resource` names.

pub mod text;
pub mod tokens;

use syn::Path;

use crate::parse::{Literal, Name};
use crate::span::Span;

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

    /// What kind of value it is, as a message says it.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Literal(Literal::Null) => "null",
            Value::Literal(Literal::Boolean(_)) => "a boolean",
            Value::Literal(Literal::Integer(_) | Literal::Float(_)) => "a number",
            Value::Literal(Literal::Text(_)) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
            Value::Task { .. } => "a task",
        }
    }
}
