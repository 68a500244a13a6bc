//! The source of a workflow as it is written: syntax alone, with the span of everything that can be wrong.
//!
//! Both notations parse into these types. Parsing recovers at the next field and at the next state, so that several
//! mistakes are reported together and an editor keeps what is right.

pub(crate) mod expression;
pub(crate) mod native;

use std::time::Duration;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path, Type, Visibility};

pub(crate) use expression::{
    Expression, ExpressionKind, Literal, Root, Segment, SegmentKind, ValuePath,
};

/// A whole `workflow! { ... }`.
pub(crate) struct Workflow {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) resources: Option<Type>,
    pub(crate) input: Type,
    pub(crate) output: Type,
    pub(crate) timeout: Option<Spanned<Duration>>,
    pub(crate) start_at: Option<Name>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) states: Vec<State>,
}

/// A value and where it stands.
#[derive(Clone)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// The name of a state: an identifier or a text.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A named retry policy: `retry LAMBDA = { ... };`.
pub(crate) struct Policy {
    pub(crate) name: Ident,
    pub(crate) retriers: Vec<Retrier>,
}

/// A state and its fields, in the order in which they are written.
pub(crate) struct State {
    pub(crate) comment: Option<String>,
    pub(crate) name: Name,
    pub(crate) kind: Ident,
    pub(crate) fields: Vec<Field>,
    pub(crate) rules: Vec<Rule>,
    /// Whether all of it could be read: what is missing from a state that could not may only be misspelt.
    pub(crate) complete: bool,
}

/// A field of a state.
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The value of a field; which it is depends on the name of the field alone.
pub(crate) enum Value {
    /// Nothing: `end`.
    Flag,
    /// A value that could not be read; its error is reported.
    Missing,
    Name(Name),
    Call(Call),
    Expression(Expression),
    /// `null`, or a path.
    Path(Option<ValuePath>),
    Limit(Limit),
    Retry(Vec<RetryItem>),
    Catch(Vec<Catcher>),
    Branches(Vec<Spanned<Vec<State>>>),
    States(Spanned<Vec<State>>),
    Assign(Vec<(Ident, Expression)>),
    Text(String),
}

/// A duration, or an expression that gives seconds.
pub(crate) enum Limit {
    Fixed(Spanned<Duration>),
    Seconds(Expression),
}

/// A call: `charge($.order)`, `lambda::invoke(charge($.order))`, or a bare path, which hands on the input.
pub(crate) struct Call {
    /// `lambda::invoke`, where it is called through it.
    pub(crate) integration: Option<Path>,
    pub(crate) function: Path,
    pub(crate) arguments: Option<Vec<Expression>>,
}

/// An entry of `retry`: the name of a policy, or a retrier.
pub(crate) enum RetryItem {
    Policy(Ident),
    Retrier(Retrier),
}

/// A retrier as written.
#[derive(Clone)]
pub(crate) struct Retrier {
    pub(crate) span: Span,
    /// `None` where it could not be read.
    pub(crate) error_equals: Option<Vec<ErrorName>>,
    pub(crate) interval: Option<Spanned<Duration>>,
    pub(crate) max_attempts: Option<Spanned<u32>>,
    pub(crate) backoff_rate: Option<Spanned<f64>>,
    pub(crate) max_delay: Option<Spanned<Duration>>,
    pub(crate) jitter: Option<Ident>,
}

/// An error name: text, or the variant of an error type.
#[derive(Clone)]
pub(crate) enum ErrorName {
    Text(Spanned<String>),
    Variant { ty: Path, variant: Ident },
}

impl ErrorName {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Variant { variant, .. } => variant.span(),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.value),
            Self::Variant { .. } => None,
        }
    }
}

/// A catcher as written.
pub(crate) struct Catcher {
    pub(crate) span: Span,
    /// `None` where it could not be read.
    pub(crate) error_equals: Option<Vec<ErrorName>>,
    pub(crate) fields: Vec<Field>,
}

/// A rule of a Choice state: `condition => target`, or `condition => { next: target, assign: { ... } }`.
pub(crate) struct Rule {
    /// `None` is the default, `_`.
    pub(crate) condition: Option<Expression>,
    pub(crate) span: Span,
    pub(crate) fields: Vec<Field>,
}
