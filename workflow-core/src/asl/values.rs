//! Values: payload templates, and calls of intrinsic functions.

use serde_json::Map;

use super::Writer;
use super::paths::path;
use crate::data::{Json, Shape, Type};
use crate::definition::Expression;

/// A value in ASL.
pub(super) enum Value {
    /// A constant, or a template.
    Plain(Json),
    /// A path or a call, as text: the value of a field whose name ends in `.$`.
    Dynamic(String),
}

impl Writer<'_> {
    pub(super) fn value(&mut self, expression: &Expression) -> Value {
        match *expression {
            Expression::Literal(text) => {
                Value::Plain(serde_json::from_str(text).unwrap_or_default())
            }
            Expression::Path(text) => Value::Dynamic(self.of_result(text)),
            Expression::Context(text) => Value::Dynamic(path(text)),
            Expression::Object(fields) => Value::Plain(self.template(fields, None).into()),
            Expression::Struct(ty, fields) => Value::Plain(self.template(fields, Some(ty)).into()),
            // A newtype looks as what is in it.
            Expression::Tuple(Type { shape: Shape::Newtype(_), .. }, [inner]) => self.value(inner),
            Expression::Tuple(_, items) | Expression::Array(items) => self.array(items),
            Expression::Variant(ty, name) => Value::Plain(variant(ty, name).into()),
            Expression::ErrorName(name) => Value::Plain(name.into()),
            Expression::Call("timestamp" | "json", [value]) => self.value(value),
            Expression::Call(name, arguments) => Value::Dynamic(self.call(name, arguments)),
            Expression::Constant(_)
            | Expression::Unary(..)
            | Expression::Binary(..)
            | Expression::Compare(..) => {
                self.inexpressible(format_args!("`{expression}` as a value"));
                Value::Plain(Json::Null)
            }
        }
    }

    /// A path of a state in ASL: one into the result leads to where that is.
    pub(super) fn of_result(&self, native: &str) -> String {
        let text = path(native);
        let rest = ["$states.result", "$states.errorOutput"]
            .iter()
            .find_map(|named| text.strip_prefix(named))
            .or_else(|| {
                text.strip_prefix('$')
                    .filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
        match rest {
            Some(rest) => format!("{}{rest}", self.result),
            None => text,
        }
    }

    /// The fields of a template. Names are those of JSON, or the Rust names of a type's fields.
    pub(super) fn template(
        &mut self,
        fields: &[(&'static str, Expression)],
        ty: Option<&Type>,
    ) -> Map<String, Json> {
        let mut template = Map::new();
        for (name, value) in fields {
            let name = ty.map_or(*name, |ty| json_name(ty, name));
            self.field(&mut template, name, value);
        }
        template
    }

    /// Adds a field: under a name that ends in `.$` where its value is a path or a call.
    pub(super) fn field(&mut self, to: &mut Map<String, Json>, name: &str, value: &Expression) {
        match self.value(value) {
            Value::Plain(json) => to.insert(name.to_owned(), json),
            Value::Dynamic(text) => to.insert(format!("{name}.$"), text.into()),
        };
    }

    /// An array: of constants as it is, of paths by the function that makes one.
    fn array(&mut self, items: &[Expression]) -> Value {
        let is_plain = |item: &Expression| {
            !matches!(item, Expression::Path(_) | Expression::Context(_) | Expression::Call(..))
        };
        if !items.iter().all(is_plain) {
            return Value::Dynamic(self.call("array", items));
        }
        let items = items.iter().map(|item| match self.value(item) {
            Value::Plain(json) => json,
            Value::Dynamic(text) => text.into(),
        });
        Value::Plain(Json::Array(items.collect()))
    }

    fn call(&mut self, name: &str, arguments: &[Expression]) -> String {
        let arguments: Vec<String> = arguments
            .iter()
            .enumerate()
            .map(|(position, argument)| {
                let is_template = name == "format" && position == 0;
                self.argument(argument, is_template)
            })
            .collect();
        format!("States.{}({})", function(name), arguments.join(", "))
    }

    /// An argument of a function. The template of `States.Format` has its escapes already.
    fn argument(&mut self, argument: &Expression, is_template: bool) -> String {
        match self.value(argument) {
            Value::Dynamic(text) => text,
            Value::Plain(Json::String(text)) if is_template => format!("'{text}'"),
            Value::Plain(Json::String(text)) => {
                let text = text.replace('\\', "\\\\").replace('\'', "\\'");
                format!("'{}'", text.replace('{', "\\{").replace('}', "\\}"))
            }
            Value::Plain(json @ (Json::Array(_) | Json::Object(_))) => {
                self.inexpressible(format_args!("`{json}` as an argument of a function"));
                String::new()
            }
            Value::Plain(json) => json.to_string(),
        }
    }
}

/// The JSON name of a field.
fn json_name<'n>(ty: &Type, rust_name: &'n str) -> &'n str
where
    'static: 'n,
{
    ty.fields()
        .iter()
        .find(|field| field.rust_name == rust_name)
        .map_or(rust_name, |field| field.name)
}

/// The JSON name of a variant.
pub(super) fn variant(ty: &Type, rust_name: &str) -> String {
    ty.variant(rust_name).map_or(rust_name, |variant| variant.name).to_owned()
}

/// The name of a function in ASL.
fn function(native: &str) -> String {
    if native == "uuid" {
        return "UUID".to_owned();
    }
    let words = native.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    words.collect()
}
