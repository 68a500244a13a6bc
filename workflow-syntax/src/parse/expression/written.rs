//! Expressions as they are written in the native notation, and texts as JSON.

use std::fmt;

use syn::Member;
use syn::ext::IdentExt;

use super::{Expression, ExpressionKind, SegmentKind, ValuePath, path_text};

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Literal(literal) => f.write_str(&literal.to_json()),
            ExpressionKind::Path(path) => write!(f, "{path}"),
            ExpressionKind::Object(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{:?}: {value}", name.text))
                    .collect();
                write!(f, "{{ {} }}", fields.join(", "))
            }
            ExpressionKind::Array(items) => write!(f, "[{}]", joined(items)),
            ExpressionKind::Struct(path, fields) if is_tuple(fields) => {
                let values: Vec<String> =
                    fields.iter().map(|(_, value)| value.to_string()).collect();
                write!(f, "{}({})", path_text(path), values.join(", "))
            }
            ExpressionKind::Struct(path, fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{}: {value}", member_text(name)))
                    .collect();
                write!(f, "{} {{ {} }}", path_text(path), fields.join(", "))
            }
            ExpressionKind::Call(name, arguments) => write!(f, "{name}({})", joined(arguments)),
            ExpressionKind::Some(value) => write!(f, "Some({value})"),
            ExpressionKind::Not(operand) => write!(f, "!{}", grouped(operand)),
            ExpressionKind::Negative(operand) => write!(f, "-{}", grouped(operand)),
            ExpressionKind::Binary(left, operator, right)
            | ExpressionKind::Compare(_, left, operator, right) => {
                write!(f, "{} {} {}", grouped(left), operator.symbol(), grouped(right))
            }
            ExpressionKind::Constant(path) => f.write_str(&path_text(path)),
        }
    }
}

/// Whether the fields of a literal have numbers: `OrderId($.id)`.
pub fn is_tuple(fields: &[(Member, Expression)]) -> bool {
    matches!(fields.first(), Some((Member::Unnamed(_), _)))
}

/// The name of a field as it is declared, but for the `r#` of a keyword; or its number.
pub fn member_text(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

fn joined(items: &[Expression]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// An operand as text, in parentheses where it is an operation itself.
fn grouped(operand: &Expression) -> String {
    match &operand.kind {
        ExpressionKind::Binary(..) | ExpressionKind::Compare(..) => format!("({operand})"),
        _ => operand.to_string(),
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix(self.segments.len()))
    }
}

impl fmt::Display for SegmentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: &Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
        match self {
            Self::Name(name) if is_identifier(name) => write!(f, ".{name}"),
            Self::Name(name) => write!(f, "[{}]", json_text(name)),
            Self::Names(names) => {
                let names: Vec<String> = names.iter().map(|name| json_text(name)).collect();
                write!(f, "[{}]", names.join(", "))
            }
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Slice(start, end, None) => write!(f, "[{}:{}]", bound(start), bound(end)),
            Self::Slice(start, end, step) => {
                write!(f, "[{}:{}:{}]", bound(start), bound(end), bound(step))
            }
            Self::Wildcard => f.write_str("[*]"),
            Self::Filter(condition) => write!(f, "[?({condition})]"),
            Self::Descendants(Some(name)) => write!(f, "..{name}"),
            Self::Descendants(None) => f.write_str("..*"),
            Self::Present => f.write_str("?"),
            Self::Query(query) => f.write_str(query),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// A text as a JSON string.
pub(super) fn json_text(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            letter if letter.is_control() => {
                json.push_str(&format!("\\u{:04x}", u32::from(letter)))
            }
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}
