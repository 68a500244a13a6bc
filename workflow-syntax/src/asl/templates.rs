//! Payload templates, and other fields with a value: constants, and paths and intrinsic functions where a name ends in `.$`.

use super::json::{Json, Value};
use super::paths::NoPath;
use super::{Reader, functions, paths};
use crate::parse::{Expression, ExpressionKind, Literal, Name, ValuePath};
use crate::span::Span;

/// An empty object.
pub(super) fn empty(span: Span) -> Expression {
    Expression::new(ExpressionKind::Object(Vec::new()), span, span)
}

fn at(span: Span, kind: ExpressionKind) -> Expression {
    Expression::new(kind, span, span)
}

impl Reader<'_> {
    /// A payload template. Section "Payload Template" of the States Language.
    pub(super) fn template(&mut self, json: &Json) -> Expression {
        let kind = match &json.value {
            Value::Literal(literal) => ExpressionKind::Literal(literal.clone()),
            Value::Array(elements) => ExpressionKind::Array(
                elements.iter().map(|element| self.template(element)).collect(),
            ),
            Value::Object(fields) => ExpressionKind::Object(self.template_fields(fields)),
            Value::Task { .. } => {
                self.invalid(json, "a template has JSON values");
                ExpressionKind::Literal(Literal::Null)
            }
        };
        at(json.span, kind)
    }

    pub(super) fn template_fields(&mut self, fields: &[(Name, Json)]) -> Vec<(Name, Expression)> {
        let mut found: Vec<(Name, Expression)> = Vec::new();
        for (name, json) in fields {
            let (name, value) = self.template_field(name, json);
            if found.iter().any(|(earlier, _)| *earlier == name) {
                self.diagnostics
                    .error(name.span, format_args!("field `{name}` is given twice"))
                    .code("SCHEMA_VALIDATION_FAILED");
            } else {
                found.push((name, value));
            }
        }
        found
    }

    /// A field of a template: a path or a call where its name ends in `.$`.
    pub(super) fn template_field(&mut self, name: &Name, json: &Json) -> (Name, Expression) {
        let Some(text) = name.text.strip_suffix(".$") else {
            if let (Value::Task { .. }, "FunctionName") = (&json.value, name.text.as_str()) {
                self.is_named(json);
                return (name.clone(), at(json.span, ExpressionKind::Literal(Literal::Null)));
            }
            return (name.clone(), self.template(json));
        };
        let value = self.dynamic(json, &name.text);
        (Name { text: text.to_owned(), span: name.span }, value)
    }

    /// Reports a task where the name of a function stands.
    fn is_named(&mut self, json: &Json) {
        self.diagnostics
            .error(json.span, format_args!("`FunctionName` is a string, and this is {}", json.said()))
            .help("name the function in quotes, and the task for it in `resources`; or write `\"Resource\": lambda::invoke(..)`")
            .code("SCHEMA_VALIDATION_FAILED");
    }

    /// A path, or a call of an intrinsic function.
    pub(super) fn dynamic(&mut self, json: &Json, field: &str) -> Expression {
        let read = match json.text() {
            Some(text) if text.trim_start().starts_with("States.") => {
                functions::call(text, json.span)
            }
            Some(text) => {
                paths::path(text, json.span).map(|path| at(json.span, ExpressionKind::Path(path)))
            }
            None => Err(NoPath::Wrong(String::new())),
        };
        read.unwrap_or_else(|why| {
            self.no_path(json, field, "a JSONPath or a call of an intrinsic function", &why);
            at(json.span, ExpressionKind::Literal(Literal::Null))
        })
    }

    fn no_path(&mut self, json: &Json, field: &str, what: &str, why: &NoPath) {
        let found = json.text().map_or_else(|| json.said(), |text| format!("`{text}`"));
        let error = self
            .diagnostics
            .error(json.span, format_args!("`{field}` is {what}, and {found} is not"));
        match why {
            // What is not supported here may be taken there.
            NoPath::Unsupported(why) => error.note(why),
            NoPath::Wrong(why) if why.is_empty() => error.code("SCHEMA_VALIDATION_FAILED"),
            NoPath::Wrong(why) => error.note(why).code("SCHEMA_VALIDATION_FAILED"),
        };
    }

    /// A path alone.
    pub(super) fn path(&mut self, json: &Json, field: &str) -> Option<ValuePath> {
        let read = match json.text() {
            Some(text) => paths::path(text, json.span),
            None => Err(NoPath::Wrong(String::new())),
        };
        match read {
            Ok(path) => Some(path),
            Err(why) => {
                self.no_path(json, field, "a JSONPath", &why);
                None
            }
        }
    }

    /// A path as an expression.
    pub(super) fn path_value(&mut self, json: &Json, field: &str) -> Option<Expression> {
        self.path(json, field).map(|path| at(json.span, ExpressionKind::Path(path)))
    }

    /// A constant: nothing in it is a path.
    pub(super) fn constant(&mut self, json: &Json) -> Expression {
        let kind = match &json.value {
            Value::Literal(literal) => ExpressionKind::Literal(literal.clone()),
            Value::Array(elements) => ExpressionKind::Array(
                elements.iter().map(|element| self.constant(element)).collect(),
            ),
            Value::Object(fields) => ExpressionKind::Object(
                fields.iter().map(|(name, json)| (name.clone(), self.constant(json))).collect(),
            ),
            Value::Task { .. } => return self.template(json),
        };
        at(json.span, kind)
    }
}
