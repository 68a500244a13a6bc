//! The source of a workflow as it is written: syntax alone, with the span of everything that can be wrong.
//!
//! Both notations parse into these types. Parsing recovers at the next field and at the next state, so that several
//! mistakes are reported together and an editor keeps what is right.

mod embedded;
pub mod expression;
pub mod native;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, Token, Type, Visibility};

use crate::span::Span;

pub use expression::{Expression, ExpressionKind, Literal, Root, Segment, SegmentKind, ValuePath};

/// A whole `workflow! { ... }`.
pub struct Workflow {
    pub notation: Notation,
    pub comment: Option<String>,
    /// The file that the definition is in, where it is in one.
    pub file: Option<SourceFile>,
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub resources: Option<Type>,
    pub input: Type,
    pub output: Type,
    pub timeout: Option<Spanned<Duration>>,
    /// Whether it is declared to be exported as ASL.
    pub is_exported: bool,
    pub start_at: Option<Name>,
    pub policies: Vec<Policy>,
    pub states: Vec<State>,
}

/// States that belong together: a branch, or an item processor.
pub struct Machine {
    pub comment: Option<String>,
    /// The state that it starts at; the first one where none is named.
    pub start_at: Option<Name>,
    pub states: Vec<State>,
    pub span: Span,
}

/// A file that a definition is in.
pub struct SourceFile {
    /// Its name as it is written, relative to the crate.
    pub name: String,
    pub path: PathBuf,
}

/// The notation that a workflow is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    Native,
    /// The Amazon States Language: what AWS takes is taken, and names are its own.
    Asl,
}

/// A value and where it stands.
#[derive(Clone)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl Workflow {
    /// A workflow of a definition alone, whose data are JSON.
    pub fn untyped(definition: crate::asl::Definition) -> Self {
        Self {
            notation: Notation::Asl,
            comment: definition.machine.comment,
            file: None,
            attributes: Vec::new(),
            visibility: Visibility::Inherited,
            name: Ident::new("StateMachine", proc_macro2::Span::call_site()),
            resources: None,
            input: syn::parse_quote!(Json),
            output: syn::parse_quote!(Json),
            timeout: definition.timeout,
            is_exported: false,
            start_at: definition.machine.start_at,
            policies: Vec::new(),
            states: definition.machine.states,
        }
    }
}

/// A name: an identifier, or a text where it may have any letters.
#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

impl Name {
    /// The name as an identifier.
    ///
    /// # Panics
    ///
    /// When it is none.
    pub fn ident(&self) -> Ident {
        Ident::new(&self.text, self.span.tokens())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&LitStr> for Name {
    fn from(text: &LitStr) -> Self {
        Self { text: text.value(), span: text.span().into() }
    }
}

impl From<&Ident> for Name {
    fn from(ident: &Ident) -> Self {
        Self { text: ident.unraw().to_string(), span: ident.span().into() }
    }
}

/// A named retry policy: `retry LAMBDA = { ... };`.
pub struct Policy {
    pub name: Ident,
    pub retriers: Vec<Retrier>,
}

/// A state and its fields, in the order in which they are written.
pub struct State {
    pub comment: Option<String>,
    pub name: Name,
    pub kind: Name,
    pub fields: Vec<Field>,
    pub rules: Vec<Rule>,
    /// Whether all of it could be read: what is missing from a state that could not may only be misspelt.
    pub complete: bool,
}

/// A field of a state.
pub struct Field {
    pub name: Name,
    pub value: Value,
}

/// The value of a field; which it is depends on the name of the field alone.
pub enum Value {
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
    Branches(Vec<Machine>),
    States(Machine),
    Assign(Vec<(Name, Expression)>),
    Text(String),
    Type(Box<Type>),
}

/// A duration, or an expression that gives seconds.
pub enum Limit {
    Fixed(Spanned<Duration>),
    Seconds(Expression),
}

/// The path of an integration. `lambda::invoke` is a word of the language, and needs no `use`.
pub fn integration(mut path: Path) -> Path {
    if path.leading_colon.is_none()
        && path.segments.len() == 2
        && path.segments[0].ident == "lambda"
    {
        let span = path.segments[0].ident.span();
        path.leading_colon = Some(Token![::](span));
        path.segments.insert(0, Ident::new("workflow_core", span).into());
    }
    path
}

/// A call: `charge($.order)`, `lambda::invoke(charge($.order))`, or a bare path, which hands on the input.
pub struct Call {
    /// `lambda::invoke`, where it is called through it.
    pub integration: Option<Path>,
    pub function: Path,
    pub arguments: Option<Vec<Expression>>,
    /// What only a definition of ASL says of it.
    pub service: Service,
}

/// What a definition of ASL says of a call to the service that runs it.
#[derive(Default)]
pub struct Service {
    /// The resource as the definition names it.
    pub resource: Option<String>,
    /// `Credentials`
    pub credentials: Option<Expression>,
    /// The fields of the request to the service, but for what is called and what goes into it.
    pub request: Vec<(Name, Expression)>,
}

impl Service {
    /// The values that only the service reads.
    pub fn values(&self) -> impl Iterator<Item = &Expression> {
        self.credentials.iter().chain(self.request.iter().map(|(_, value)| value))
    }
}

impl Call {
    /// The call of a function by its path.
    pub fn of(function: Path, arguments: Option<Vec<Expression>>) -> Self {
        Self { integration: None, function, arguments, service: Service::default() }
    }

    /// The request that its integration stands for, however much of the path is written.
    pub fn request(&self) -> Option<Request> {
        match self.integration.as_ref()?.segments.last()?.ident.to_string().as_str() {
            "invoke" => Some(Request::Invoke),
            "start_execution" => Some(Request::StartExecution),
            _ => None,
        }
    }
}

/// A request to a service that runs what is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Request {
    /// `lambda:invoke`
    Invoke,
    /// `startExecution.sync:2`
    StartExecution,
}

/// An entry of `retry`: the name of a policy, or a retrier.
pub enum RetryItem {
    Policy(Ident),
    Retrier(Box<Retrier>),
}

/// A retrier as written.
#[derive(Clone)]
pub struct Retrier {
    pub span: Span,
    /// `None` where it could not be read.
    pub error_equals: Option<Vec<ErrorName>>,
    pub interval: Option<Spanned<Duration>>,
    pub max_attempts: Option<Spanned<u32>>,
    pub backoff_rate: Option<Spanned<f64>>,
    pub max_delay: Option<Spanned<Duration>>,
    pub jitter: Option<Name>,
    pub comment: Option<String>,
}

/// An error name: text, or the variant of an error type.
#[derive(Clone)]
pub enum ErrorName {
    Text(Spanned<String>),
    Variant { ty: Path, variant: Ident },
}

impl ErrorName {
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Variant { variant, .. } => variant.span().into(),
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.value),
            Self::Variant { .. } => None,
        }
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&text.value),
            Self::Variant { ty, variant } => {
                write!(f, "{}::{variant}", expression::path_text(ty))
            }
        }
    }
}

/// A catcher as written.
pub struct Catcher {
    pub span: Span,
    /// `None` where it could not be read.
    pub error_equals: Option<Vec<ErrorName>>,
    pub fields: Vec<Field>,
}

/// A rule of a Choice state: `condition => target`, or `condition => { next: target, assign: { ... } }`.
pub struct Rule {
    /// `None` is the default, `_`.
    pub condition: Option<Expression>,
    pub span: Span,
    pub fields: Vec<Field>,
}
