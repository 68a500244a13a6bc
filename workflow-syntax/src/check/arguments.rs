//! Arguments of intrinsic functions that are literals: what would fail every execution is known while compiling. What their types
//! tell is checked where they are compiled.

use crate::intrinsics::{Kind, capture, kind};
use crate::parse::Literal;
use crate::parse::expression::{Expression, ExpressionKind};
use crate::span::Span;

const ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// The first literal that a function does not take, and why.
pub(super) fn mistake(function: &str, arguments: &[Expression]) -> Option<(Span, String)> {
    let literal = |position: usize| match &arguments.get(position)?.kind {
        ExpressionKind::Literal(literal) => Some(literal),
        _ => None,
    };
    let at = |position: usize, message: String| Some((arguments[position].start, message));
    for (position, argument) in arguments.iter().enumerate() {
        let Some(kind) = kind(function, position) else { continue };
        let is_right = match &argument.kind {
            ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)) => {
                kind == Kind::Number
            }
            // A path that AWS reads and that leads nowhere is translated as it.
            ExpressionKind::Literal(Literal::Null) => kind != Kind::Number,
            ExpressionKind::Literal(_) => false,
            ExpressionKind::Array(_) => kind == Kind::List,
            ExpressionKind::Object(_) => kind == Kind::Object,
            _ => true,
        };
        if !is_right {
            let text = format!("this argument of `{function}` is {kind}, and not {argument}");
            return at(position, text);
        }
    }
    match (function, literal(0), literal(1), literal(2)) {
        ("format", Some(Literal::Text(template)), ..) => {
            at(0, mistake_in_template(template, arguments.len() - 1)?)
        }
        ("hash", _, Some(Literal::Text(algorithm)), _)
            if !ALGORITHMS.contains(&algorithm.as_str()) =>
        {
            at(1, format!("`hash` does not know `{algorithm}`\nhelp: it is one of {}", ALGORITHMS.join(", ")))
        }
        ("array_range", .., Some(Literal::Integer(0))) => {
            at(2, "the step of `array_range` is 0, which leads nowhere".to_owned())
        }
        ("array_partition", _, Some(Literal::Integer(size)), _) if *size < 1 => {
            at(1, format!("`array_partition` makes pieces of at least 1 element, and not of {size}"))
        }
        ("json_merge", .., Some(Literal::Boolean(true))) => {
            at(2, "there is no deep merge\nhelp: write `false`, as in `json_merge($.first, $.second, false)`".to_owned())
        }
        _ => None,
    }
}

/// What is wrong with a template that gets so many values.
fn mistake_in_template(template: &str, values: usize) -> Option<String> {
    if let Some(found) = capture(template) {
        let found = &template[found];
        return Some(format!(
            "`{found}` in a template stands for no value\nhelp: write `{{}}`, and the value as an argument; a brace is written `\\\\{{`"
        ));
    }
    let places = places(template);
    (places != values).then(|| {
        let message = format!("the template has {places} `{{}}`, and gets {}", counted(values));
        message + "\nhelp: each `{}` stands for the next value, as in `format(\"{} of {}\", $.first, $.second)`"
    })
}

/// How many values a template takes: each `{}` one, but for what is escaped.
fn places(template: &str) -> usize {
    let mut rest = template.chars();
    let mut places = 0;
    while let Some(character) = rest.next() {
        let next = rest.clone().next();
        let is_place = character == '{' && next == Some('}');
        if is_place || character == '\\' && matches!(next, Some('{' | '}' | '\'' | '\\')) {
            places += usize::from(is_place);
            rest.next();
        }
    }
    places
}

fn counted(values: usize) -> String {
    match values {
        1 => "one value".to_owned(),
        _ => format!("{values} values"),
    }
}
