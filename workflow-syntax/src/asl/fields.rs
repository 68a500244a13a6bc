//! Fields of an object: which there may be, and values of the kinds that they have.

use std::time::Duration;

use super::json::{Json, Value};
use super::{MOST_SECONDS, Reader};
use crate::diagnostics::is_misspelt;
use crate::parse::{Literal, Name, Spanned};
use crate::span::Span;

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// The fields of an object.
pub(super) struct Fields<'j> {
    all: &'j [(Name, Json)],
    pub(super) span: Span,
    /// What a message calls the object.
    pub(super) what: String,
}

impl<'j> Fields<'j> {
    pub(super) fn get(&self, name: &str) -> Option<(&'j Name, &'j Json)> {
        self.iter().find(|(field, _)| field.text == name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'j Name, &'j Json)> + use<'j> {
        self.all.iter().map(|(name, json)| (name, json))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Reader<'_> {
    /// An error that AWS reports for its schema.
    pub(super) fn invalid(&mut self, json: &Json, message: &str) {
        self.diagnostics
            .error(json.span, format_args!("{message}, and this is {}", json.said()))
            .code(SCHEMA);
    }

    /// The fields of an object, each of which has a name of its own.
    pub(super) fn object<'j>(&mut self, json: &'j Json, what: &str) -> Option<Fields<'j>> {
        let fields = self.fields(json, what)?;
        for (position, (name, _)) in fields.all.iter().enumerate() {
            if fields.all[..position].iter().any(|(earlier, _)| earlier == name) {
                self.diagnostics
                    .error(name.span, format_args!("{what}: `{name}` is given twice"))
                    .code(SCHEMA);
            }
        }
        Some(fields)
    }

    /// The fields of an object, whatever their names.
    pub(super) fn fields<'j>(&mut self, json: &'j Json, what: &str) -> Option<Fields<'j>> {
        let all = json.object();
        if all.is_none() {
            self.invalid(json, &format!("{what} is an object"));
        }
        Some(Fields { all: all?, span: json.span, what: what.to_owned() })
    }

    /// Reports the fields that are not among these, and returns whether there are any.
    pub(super) fn only(&mut self, fields: &Fields<'_>, allowed: &[&str]) -> bool {
        /// The fields that only the JSONata query language has.
        const JSONATA: [&str; 4] = ["Arguments", "Output", "Items", "Condition"];
        let known = self.diagnostics.count();
        for (name, _) in fields.iter().filter(|(name, _)| !allowed.contains(&name.text.as_str())) {
            let message = format!("{}: there is no field `{name}`", fields.what);
            let error = self.diagnostics.error(name.span, message);
            if JSONATA.contains(&name.text.as_str()) {
                error.note("it belongs to JSONata, and the query language here is JSONPath");
            } else {
                error.suggest("a field", &name.text, allowed.iter().copied());
            }
            error.code(SCHEMA);
        }
        self.diagnostics.count() > known
    }

    /// The value of a field that must be there. One that is misspelt is reported as a field that there is not.
    pub(super) fn required<'j>(&mut self, fields: &Fields<'j>, name: &str) -> Option<&'j Json> {
        let found = fields.get(name).map(|(_, json)| json);
        let is_misspelt = fields.iter().any(|(field, _)| is_misspelt(&field.text, name));
        if found.is_none() && !is_misspelt {
            self.diagnostics
                .error(fields.span, format_args!("{}: `{name}` is missing", fields.what))
                .code(SCHEMA);
        }
        found
    }

    /// At most one of some fields; and at least one where they are required.
    pub(super) fn one_of<'j>(
        &mut self,
        fields: &Fields<'j>,
        names: &[&str],
        required: bool,
    ) -> Option<(&'j Name, &'j Json)> {
        let mut found = names.iter().filter_map(|name| fields.get(name));
        let first = found.next();
        let listed = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if let Some((second, _)) = found.next() {
            let message = format!("{}: only one of {} may be given", fields.what, listed());
            self.diagnostics.error(second.span, message).code(SCHEMA);
        }
        if first.is_none() && required {
            let message = format!("{}: one of {} is missing", fields.what, listed());
            self.diagnostics.error(fields.span, message).code(SCHEMA);
        }
        first
    }

    /// The name of a state.
    pub(super) fn name(&mut self, json: &Json, field: &str) -> Option<Name> {
        let text = self.text(json, field)?;
        Some(Name { text, span: json.span })
    }

    pub(super) fn text(&mut self, json: &Json, field: &str) -> Option<String> {
        let text = json.text().map(str::to_owned);
        if text.is_none() {
            self.invalid(json, &format!("`{field}` is a string"));
        }
        text
    }

    pub(super) fn array<'j>(&mut self, json: &'j Json, field: &str) -> Option<&'j [Json]> {
        let array = json.array();
        if array.is_none() {
            self.invalid(json, &format!("`{field}` is an array"));
        }
        array
    }

    pub(super) fn boolean(&mut self, json: &Json, field: &str) -> Option<bool> {
        match json.value {
            Value::Literal(Literal::Boolean(boolean)) => Some(boolean),
            _ => {
                self.invalid(json, &format!("`{field}` is `true` or `false`"));
                None
            }
        }
    }

    /// A whole number in a range.
    pub(super) fn integer(&mut self, json: &Json, field: &str, least: i128) -> Option<i128> {
        let integer = match json.value {
            Value::Literal(Literal::Integer(integer)) => Some(integer),
            // AWS takes 3.0 for 3.
            Value::Literal(Literal::Float(float)) if float.fract() == 0.0 => Some(float as i128),
            _ => None,
        };
        if self.resources.is_open && json.text().is_some_and(is_placeholder) {
            return Some(least);
        }
        let right = integer.filter(|integer| (least..=MOST_SECONDS).contains(integer));
        if right.is_none() {
            let message = format!("`{field}` is a whole number from {least} to {MOST_SECONDS}");
            match integer {
                Some(integer) => {
                    let message = format!("{message}, and this is {integer}");
                    self.diagnostics.error(json.span, message).code(SCHEMA);
                }
                None => self.invalid(json, &message),
            }
        }
        right
    }

    /// A number from a bound on.
    pub(super) fn number(&mut self, json: &Json, field: &str, least: f64) -> Option<f64> {
        let number = match json.value {
            Value::Literal(Literal::Integer(integer)) => Some(integer as f64),
            Value::Literal(Literal::Float(float)) => Some(float),
            _ => None,
        };
        let Some(number) = number else {
            self.invalid(json, &format!("`{field}` is a number"));
            return None;
        };
        if number < least {
            let message = format!("`{field}` is at least {least}, and this is {number}");
            self.diagnostics.error(json.span, message).code(SCHEMA);
            return None;
        }
        Some(number)
    }

    /// A field with a number of seconds.
    pub(super) fn duration(
        &mut self,
        fields: &Fields<'_>,
        field: &str,
        least: i128,
    ) -> Option<Spanned<Duration>> {
        let (_, json) = fields.get(field)?;
        self.seconds(json, field, least)
    }

    pub(super) fn seconds(
        &mut self,
        json: &Json,
        field: &str,
        least: i128,
    ) -> Option<Spanned<Duration>> {
        let seconds = self.integer(json, field, least)?;
        let value = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
        Some(Spanned { value, span: json.span })
    }

    pub(super) fn comment(&mut self, fields: &Fields<'_>) -> Option<String> {
        let (_, json) = fields.get("Comment")?;
        self.text(json, "Comment")
    }

    /// Whether the query language is JSONPath. JSONata is reported.
    pub(super) fn is_json_path(&mut self, fields: &Fields<'_>) -> bool {
        let Some((_, json)) = fields.get("QueryLanguage") else { return true };
        match json.text() {
            Some("JSONPath") => true,
            Some("JSONata") => {
                let message = format!("{}: JSONata is not supported yet", fields.what);
                self.diagnostics
                    .error(json.span, message)
                    .help("write it in JSONPath, the query language that is the default");
                false
            }
            _ => {
                self.invalid(json, "`QueryLanguage` is \"JSONPath\" or \"JSONata\"");
                false
            }
        }
    }
}

/// Whether a text stands for a value that a template engine puts in its place, as CloudFormation does: `${Seconds}`.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.contains("${") && text.contains('}')
}
