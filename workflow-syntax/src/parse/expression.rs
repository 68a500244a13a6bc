//! Expressions: paths, literals, operators, templates and calls of intrinsic functions.
//!
//! How the native notation is parsed into them is in `native/expressions.rs`, and how they are written back in `expression/written.rs`.

mod written;

pub use written::{is_tuple, member_text};

use proc_macro2::Ident;
use syn::{Member, Path};

use super::Name;
use crate::span::Span;
use written::json_text;

/// An expression with the span of its first and its last token.
#[derive(Clone)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub start: Span,
    pub end: Span,
}

impl Expression {
    pub fn new(kind: ExpressionKind, start: impl Into<Span>, end: impl Into<Span>) -> Self {
        Self { kind, start: start.into(), end: end.into() }
    }
}

#[derive(Clone)]
pub enum ExpressionKind {
    Literal(Literal),
    Path(ValuePath),
    Object(Vec<(Name, Expression)>),
    Array(Vec<Expression>),
    /// `Order { id: $.id }`, or `OrderId($.id)`, whose fields have numbers.
    Struct(Path, Vec<(Member, Expression)>),
    Call(Name, Vec<Expression>),
    /// `Some(value)`.
    Some(Box<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Box<Expression>, Operator, Box<Expression>),
    /// A comparison of ASL, which holds only where both sides have the type that it names.
    Compare(Comparand, Box<Expression>, Operator, Box<Expression>),
    /// A Rust constant, or the variant of an enum.
    Constant(Path),
}

#[derive(Clone)]
pub enum Literal {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Text(String),
}

/// The type of the values that a comparison of ASL compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparand {
    Text,
    Number,
    Boolean,
    Timestamp,
}

/// An operator between two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessEqual
                | Self::Greater
                | Self::GreaterEqual
        )
    }

    pub const fn is_logical(self) -> bool {
        matches!(self, Self::Or | Self::And)
    }

    /// The operator that says the same with its sides exchanged.
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            other => other,
        }
    }

    pub(super) const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Remainder => 5,
            _ => 3,
        }
    }
}

/// A path into data: `$.items[0].price`, `$total`, `$$.Execution.Id`, `@.price`.
#[derive(Clone)]
pub struct ValuePath {
    pub root: Root,
    pub start: Span,
    pub segments: Vec<Segment>,
}

#[derive(Clone)]
pub enum Root {
    /// `$`
    Input,
    /// `$name`
    Variable(Name),
    /// `$$`
    Context,
    /// `@`, in a filter
    Item,
}

#[derive(Clone)]
pub struct Segment {
    pub kind: SegmentKind,
    pub span: Span,
}

impl Segment {
    pub fn new(kind: SegmentKind, span: impl Into<Span>) -> Self {
        Self { kind, span: span.into() }
    }
}

#[derive(Clone)]
pub enum SegmentKind {
    Name(String),
    Index(i64),
    Slice(Option<i64>, Option<i64>, Option<i64>),
    Wildcard,
    Filter(Box<Expression>),
    /// `['a', 'b']` at the end of a path: an object of these fields.
    Names(Vec<String>),
    /// `..name`, or `..*`
    Descendants(Option<String>),
    /// `?`
    Present,
    /// A path that only the JSONPath library reads, without its root.
    Query(String),
}

impl ValuePath {
    pub fn end(&self) -> Span {
        self.segments.last().map_or(self.start, |segment| segment.span)
    }

    /// The path up to a number of segments, as it is written.
    pub fn prefix(&self, segments: usize) -> String {
        let mut text = match &self.root {
            Root::Input => "$".to_owned(),
            Root::Variable(name) => format!("${name}"),
            Root::Context => "$$".to_owned(),
            Root::Item => "@".to_owned(),
        };
        for segment in &self.segments[..segments] {
            text.push_str(&segment.kind.to_string());
        }
        text
    }

    /// The path up to a number of segments in bracket notation, as AWS writes it in its messages.
    pub fn normalized(&self, segments: usize) -> String {
        let mut text = "$".to_owned();
        for segment in &self.segments[..segments] {
            match &segment.kind {
                SegmentKind::Name(name) => text.push_str(&format!("['{name}']")),
                SegmentKind::Present => {}
                other => text.push_str(&other.to_string()),
            }
        }
        text
    }
}

impl Expression {
    /// Whether it is `$`, the whole input.
    pub fn is_input(&self) -> bool {
        matches!(&self.kind, ExpressionKind::Path(path) if matches!(path.root, Root::Input) && path.segments.is_empty())
    }

    /// Whether the place that it goes to decides its type: an object or an array in JSON.
    pub fn is_template(&self) -> bool {
        matches!(
            self.kind,
            ExpressionKind::Object(_)
                | ExpressionKind::Array(_)
                | ExpressionKind::Literal(_)
                | ExpressionKind::Some(_)
        ) || matches!(&self.kind, ExpressionKind::Constant(path) if variant_of(path).is_none())
    }

    /// The expressions that it is made of, in the order in which they are written; those in filters of a path are not among them.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            ExpressionKind::Literal(_) | ExpressionKind::Constant(_) | ExpressionKind::Path(_) => {
                Vec::new()
            }
            ExpressionKind::Object(fields) => fields.iter().map(|(_, value)| value).collect(),
            ExpressionKind::Struct(_, fields) => fields.iter().map(|(_, value)| value).collect(),
            ExpressionKind::Array(items) | ExpressionKind::Call(_, items) => items.iter().collect(),
            ExpressionKind::Not(operand)
            | ExpressionKind::Negative(operand)
            | ExpressionKind::Some(operand) => vec![operand],
            ExpressionKind::Binary(left, _, right) | ExpressionKind::Compare(_, left, _, right) => {
                vec![left, right]
            }
        }
    }

    /// Calls a function for every path in the expression, those in filters included.
    pub fn each_path<'a>(&'a self, visit: &mut dyn FnMut(&'a ValuePath)) {
        if let ExpressionKind::Path(path) = &self.kind {
            visit(path);
            for segment in &path.segments {
                if let SegmentKind::Filter(condition) = &segment.kind {
                    condition.each_path(visit);
                }
            }
        }
        self.parts().into_iter().for_each(|part| part.each_path(visit));
    }

    /// Calls a function for every type that the expression names.
    pub fn each_type(&self, visit: &mut dyn FnMut(&Path)) {
        match &self.kind {
            ExpressionKind::Struct(path, _) => {
                visit(&in_type(path).map_or_else(|| path.clone(), |(ty, _)| ty));
            }
            ExpressionKind::Constant(path) => {
                variant_of(path).iter().for_each(|(ty, _)| visit(ty));
            }
            _ => {}
        }
        self.parts().into_iter().for_each(|part| part.each_type(visit));
    }
}

/// The enum and the variant of a path such as `Status::Paid`, told by its case: a name in capitals is taken for a constant.
pub fn variant_of(path: &Path) -> Option<(Path, Ident)> {
    in_type(path).filter(|(_, variant)| {
        let variant = variant.to_string();
        variant.len() == 1 || variant.contains(char::is_lowercase)
    })
}

/// The type of a path such as `Status::Paid` or `Currency::EUR`, and the variant or the constant of it, told by their case.
pub fn in_type(path: &Path) -> Option<(Path, Ident)> {
    let mut ty = path.clone();
    let name = ty.segments.pop()?.ident;
    ty.segments.pop_punct();
    let owner = &ty.segments.last()?.ident;
    let is_camel = |name: &Ident| name.to_string().starts_with(char::is_uppercase);
    (is_camel(&name) && is_camel(owner)).then_some((ty, name))
}

/// A Rust path as it is written.
pub fn path_text(path: &Path) -> String {
    let names: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.join("::")
}

impl Literal {
    /// A number as JSON writes it: an integer where it has no fraction and no exponent and 64 bits hold it, as they hold it on
    /// AWS. `None` where no float comes near it.
    pub fn number(text: &str) -> Option<Self> {
        let integer = text.parse::<i128>().ok();
        let is_held = |integer: &i128| (i64::MIN.into()..=u64::MAX.into()).contains(integer);
        if let Some(integer) = integer.filter(is_held) {
            return Some(Self::Integer(integer));
        }
        text.parse().ok().filter(|float: &f64| float.is_finite()).map(Self::Float)
    }

    /// The literal as JSON text.
    pub fn to_json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Text(text) => json_text(text),
        }
    }
}

/// `ArrayGetItem` as `array_get_item`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut last_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && last_lower {
            snake.push('_');
        }
        last_lower = letter.is_lowercase() || letter.is_ascii_digit();
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `"$.order"`, as a template of ASL has it under a key with `.$`.
pub fn is_path_in_quotes(text: &str) -> bool {
    let rest = text.strip_prefix("$.").or_else(|| text.strip_prefix("$$."));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic() || first == '_'))
}
