//! Expressions: paths, literals, operators, templates and calls of intrinsic functions, and how they are written back.

use std::fmt;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, Path, Token, braced, bracketed, parenthesized, token};

use super::Name;
use crate::span::Span;

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
    Struct(Path, Vec<(Ident, Expression)>),
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

    const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Remainder => 5,
            _ => 3,
        }
    }

    fn peek(input: ParseStream<'_>) -> Option<Self> {
        Some(if input.peek(Token![||]) {
            Self::Or
        } else if input.peek(Token![&&]) {
            Self::And
        } else if input.peek(Token![==]) {
            Self::Equal
        } else if input.peek(Token![!=]) {
            Self::NotEqual
        } else if input.peek(Token![<=]) {
            Self::LessEqual
        } else if input.peek(Token![>=]) {
            Self::GreaterEqual
        } else if input.peek(Token![<]) {
            Self::Less
        } else if input.peek(Token![>]) {
            Self::Greater
        } else if input.peek(Token![+]) {
            Self::Add
        } else if input.peek(Token![-]) {
            Self::Subtract
        } else if input.peek(Token![*]) {
            Self::Multiply
        } else if input.peek(Token![/]) {
            Self::Divide
        } else if input.peek(Token![%]) {
            Self::Remainder
        } else {
            return None;
        })
    }

    fn parse(self, input: ParseStream<'_>) -> syn::Result<()> {
        match self {
            Self::Or => input.parse::<Token![||]>().map(drop),
            Self::And => input.parse::<Token![&&]>().map(drop),
            Self::Equal => input.parse::<Token![==]>().map(drop),
            Self::NotEqual => input.parse::<Token![!=]>().map(drop),
            Self::Less => input.parse::<Token![<]>().map(drop),
            Self::LessEqual => input.parse::<Token![<=]>().map(drop),
            Self::Greater => input.parse::<Token![>]>().map(drop),
            Self::GreaterEqual => input.parse::<Token![>=]>().map(drop),
            Self::Add => input.parse::<Token![+]>().map(drop),
            Self::Subtract => input.parse::<Token![-]>().map(drop),
            Self::Multiply => input.parse::<Token![*]>().map(drop),
            Self::Divide => input.parse::<Token![/]>().map(drop),
            Self::Remainder => input.parse::<Token![%]>().map(drop),
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
                visit(&variant_of(path).map_or_else(|| path.clone(), |(ty, _)| ty));
            }
            ExpressionKind::Constant(path) => {
                variant_of(path).iter().for_each(|(ty, _)| visit(ty));
            }
            _ => {}
        }
        self.parts().into_iter().for_each(|part| part.each_type(visit));
    }
}

/// The enum and the variant of a path such as `Status::Paid`, told by its case.
pub fn variant_of(path: &Path) -> Option<(Path, Ident)> {
    let mut ty = path.clone();
    let variant = ty.segments.pop()?.ident;
    ty.segments.pop_punct();
    let enumeration = ty.segments.last()?.ident.to_string();
    let camel = |name: &str| {
        name.starts_with(char::is_uppercase)
            && (name.len() == 1 || name.contains(char::is_lowercase))
    };
    (camel(&variant.to_string()) && enumeration.starts_with(char::is_uppercase))
        .then_some((ty, variant))
}

impl Parse for Expression {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        binary(input, 0)
    }
}

fn binary(input: ParseStream<'_>, least: u8) -> syn::Result<Expression> {
    let mut left = unary(input)?;
    while let Some(operator) = Operator::peek(input) {
        // `=>` begins the target of a rule.
        if input.peek(Token![=>]) || operator.precedence() <= least {
            break;
        }
        operator.parse(input)?;
        let right = binary(input, operator.precedence())?;
        if operator.is_comparison()
            && matches!(&left.kind, ExpressionKind::Binary(_, inner, _) if inner.is_comparison())
        {
            return Err(syn::Error::new(
                right.start.tokens(),
                "comparisons cannot be chained\nhelp: join two of them with `&&`",
            ));
        }
        left = Expression {
            start: left.start,
            end: right.end,
            kind: ExpressionKind::Binary(Box::new(left), operator, Box::new(right)),
        };
    }
    Ok(left)
}

fn unary(input: ParseStream<'_>) -> syn::Result<Expression> {
    if let Ok(not) = input.parse::<Token![!]>() {
        let operand = unary(input)?;
        let end = operand.end;
        return Ok(Expression::new(ExpressionKind::Not(Box::new(operand)), not.span, end));
    }
    if let Ok(minus) = input.parse::<Token![-]>() {
        let operand = unary(input)?;
        let (start, end) = (minus.span, operand.end);
        let kind = match operand.kind {
            ExpressionKind::Literal(Literal::Integer(value)) => {
                ExpressionKind::Literal(Literal::Integer(-value))
            }
            ExpressionKind::Literal(Literal::Float(value)) => {
                ExpressionKind::Literal(Literal::Float(-value))
            }
            _ => ExpressionKind::Negative(Box::new(operand)),
        };
        return Ok(Expression::new(kind, start, end));
    }
    primary(input)
}

fn primary(input: ParseStream<'_>) -> syn::Result<Expression> {
    if input.peek(Token![$]) || input.peek(Token![@]) {
        let path: ValuePath = input.parse()?;
        return Ok(Expression {
            start: path.start,
            end: path.end(),
            kind: ExpressionKind::Path(path),
        });
    }
    if input.peek(Lit) {
        return literal(input);
    }
    if input.peek(token::Brace) {
        return object(input);
    }
    if input.peek(token::Bracket) {
        let content;
        let bracket = bracketed!(content in input);
        let items = Punctuated::<Expression, Token![,]>::parse_terminated(&content)?;
        let kind = ExpressionKind::Array(items.into_iter().collect());
        return Ok(Expression::new(kind, bracket.span.open(), bracket.span.close()));
    }
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        let inner = content.parse()?;
        return if content.is_empty() {
            Ok(inner)
        } else {
            Err(content.error("expected an operator or `)`"))
        };
    }
    if input.peek(syn::Ident)
        || input.peek(Token![::])
        || input.peek(Token![crate])
        || input.peek(Token![self])
        || input.peek(Token![super])
    {
        return named(input);
    }
    Err(input.error("expected a value: a path such as `$.order`, a literal, an object, or a call of an intrinsic function"))
}

fn literal(input: ParseStream<'_>) -> syn::Result<Expression> {
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let value = match &literal {
        Lit::Str(text) => Literal::Text(text.value()),
        Lit::Bool(boolean) => Literal::Boolean(boolean.value),
        Lit::Int(integer) if integer.suffix().is_empty() => {
            Literal::Integer(integer.base10_parse()?)
        }
        Lit::Float(float) if float.suffix().is_empty() => Literal::Float(float.base10_parse()?),
        Lit::Int(_) | Lit::Float(_) => {
            return Err(syn::Error::new(span, "a number in an expression has no unit and no type"));
        }
        _ => {
            return Err(syn::Error::new(
                span,
                "expected a number, text, `true`, `false` or `null`",
            ));
        }
    };
    Ok(Expression::new(ExpressionKind::Literal(value), span, span))
}

fn object(input: ParseStream<'_>) -> syn::Result<Expression> {
    let content;
    let brace = braced!(content in input);
    let mut fields: Vec<(Name, Expression)> = Vec::new();
    while !content.is_empty() {
        let name: LitStr = content.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected a name in quotes, as in `{ \"orderId\": $.id }`\nhelp: for Rust names write the type before the brace, as in `Order { id: $.id }`")
        })?;
        if fields.iter().any(|(other, _)| *other == *name.value()) {
            return Err(syn::Error::new(
                name.span(),
                format!("field `{}` is given twice", name.value()),
            ));
        }
        content.parse::<Token![:]>()?;
        fields.push((Name::from(&name), content.parse()?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(Expression::new(ExpressionKind::Object(fields), brace.span.open(), brace.span.close()))
}

/// What begins with a name: `null`, a call, a struct literal, a constant.
fn named(input: ParseStream<'_>) -> syn::Result<Expression> {
    let start = input.span();
    let path = Path::parse_mod_style(input)?;
    let end = path.segments.last().map_or(start, |segment| segment.ident.span());
    let word = path.get_ident().map(ToString::to_string);
    match word.as_deref() {
        Some("null" | "None") => {
            return Ok(Expression::new(ExpressionKind::Literal(Literal::Null), start, end));
        }
        Some("States") if input.peek(Token![.]) => return Err(intrinsic_of_asl(input, start)),
        _ => {}
    }
    if input.peek(token::Paren) {
        return call(input, &path, start);
    }
    if input.peek(token::Brace) {
        return structure(input, path, start);
    }
    Ok(Expression::new(ExpressionKind::Constant(path), start, end))
}

/// The error for an intrinsic function spelled as in ASL.
fn intrinsic_of_asl(input: ParseStream<'_>, start: proc_macro2::Span) -> syn::Error {
    let name = input.parse::<Token![.]>().and_then(|_| input.call(Ident::parse_any));
    let snake = name.map_or(String::new(), |name| snake_case(&name.to_string()));
    syn::Error::new(
        start,
        format!(
            "intrinsic functions are called by their names in snake case\nhelp: write `{snake}(...)`"
        ),
    )
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

fn call(input: ParseStream<'_>, path: &Path, start: proc_macro2::Span) -> syn::Result<Expression> {
    let content;
    let paren = parenthesized!(content in input);
    let end = paren.span.close();
    let arguments = Punctuated::<Expression, Token![,]>::parse_terminated(&content)?;
    let mut arguments: Vec<Expression> = arguments.into_iter().collect();
    let Some(name) = path.get_ident() else {
        return Err(syn::Error::new(
            start,
            "only intrinsic functions can be called here\nhelp: call a task in the `call` field of a Task state",
        ));
    };
    if name == "Some" && arguments.len() == 1 {
        let value = Box::new(arguments.remove(0));
        return Ok(Expression::new(ExpressionKind::Some(value), start, end));
    }
    Ok(Expression::new(ExpressionKind::Call(Name::from(name), arguments), start, end))
}

fn structure(
    input: ParseStream<'_>,
    path: Path,
    start: proc_macro2::Span,
) -> syn::Result<Expression> {
    let content;
    let brace = braced!(content in input);
    let mut fields = Vec::new();
    while !content.is_empty() {
        if content.peek(LitStr) {
            return Err(content.error("a struct literal has Rust names, without quotes\nhelp: for JSON names leave out the type, as in `{ \"orderId\": $.id }`"));
        }
        let name: Ident = content.parse()?;
        content.parse::<Token![:]>()?;
        fields.push((name, content.parse()?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(Expression::new(ExpressionKind::Struct(path, fields), start, brace.span.close()))
}

impl Parse for ValuePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span().into();
        if input.parse::<Option<Token![@]>>()?.is_some() {
            return Ok(Self { root: Root::Item, start, segments: segments(input)? });
        }
        input.parse::<Token![$]>()?;
        let root = if input.parse::<Option<Token![$]>>()?.is_some() {
            Root::Context
        } else if input.peek(syn::Ident::peek_any) && !input.peek(Token![in]) {
            Root::Variable(Name::from(&input.call(Ident::parse_any)?))
        } else {
            Root::Input
        };
        Ok(Self { root, start, segments: segments(input)? })
    }
}

fn segments(input: ParseStream<'_>) -> syn::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    loop {
        if input.peek(Token![..]) {
            input.parse::<Token![..]>()?;
            segments.push(descendants(input)?);
        } else if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            segments.push(member(input)?);
        } else if input.peek(token::Bracket) {
            segments.push(bracket(input)?);
        } else if input.peek(Token![?]) {
            let mark: Token![?] = input.parse()?;
            segments.push(Segment::new(SegmentKind::Present, mark.span));
        } else {
            return Ok(segments);
        }
    }
}

fn descendants(input: ParseStream<'_>) -> syn::Result<Segment> {
    if input.peek(Token![*]) {
        let star: Token![*] = input.parse()?;
        return Ok(Segment::new(SegmentKind::Descendants(None), star.span));
    }
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected a field name after `..`"))?;
    Ok(Segment::new(SegmentKind::Descendants(Some(name.unraw().to_string())), name.span()))
}

fn member(input: ParseStream<'_>) -> syn::Result<Segment> {
    if input.peek(Token![*]) {
        let star: Token![*] = input.parse()?;
        return Ok(Segment::new(SegmentKind::Wildcard, star.span));
    }
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected a field name after `.`"))?;
    Ok(Segment::new(SegmentKind::Name(name.unraw().to_string()), name.span()))
}

fn bracket(input: ParseStream<'_>) -> syn::Result<Segment> {
    let content;
    let bracket = bracketed!(content in input);
    let whole = bracket.span.join();
    if content.peek(LitStr) {
        let name: LitStr = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Name(name.value()), name.span()));
    }
    if content.peek(Token![*]) {
        let star: Token![*] = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Wildcard, star.span));
    }
    if content.peek(Token![?]) {
        content.parse::<Token![?]>()?;
        let condition: Expression = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Filter(Box::new(condition)), whole));
    }
    let span = content.span();
    let start = optional_integer(&content)?;
    if content.peek(Token![::]) {
        content.parse::<Token![::]>()?;
        let step = optional_integer(&content)?;
        return finish(&content, Segment::new(SegmentKind::Slice(start, None, step), whole));
    }
    if content.peek(Token![:]) {
        content.parse::<Token![:]>()?;
        let end = optional_integer(&content)?;
        let step = if content.parse::<Option<Token![:]>>()?.is_some() {
            optional_integer(&content)?
        } else {
            None
        };
        return finish(&content, Segment::new(SegmentKind::Slice(start, end, step), whole));
    }
    match start {
        Some(index) => finish(&content, Segment::new(SegmentKind::Index(index), span)),
        None => Err(syn::Error::new(
            span,
            "expected an index, a slice such as `0:2`, `*`, a filter such as `?(@.price > 10)`, or a name in quotes",
        )),
    }
}

fn finish(content: ParseStream<'_>, segment: Segment) -> syn::Result<Segment> {
    if content.is_empty() { Ok(segment) } else { Err(content.error("expected `]`")) }
}

fn optional_integer(input: ParseStream<'_>) -> syn::Result<Option<i64>> {
    let negative = input.parse::<Option<Token![-]>>()?.is_some();
    if !negative && !input.peek(LitInt) {
        return Ok(None);
    }
    let value: i64 = input.parse::<LitInt>()?.base10_parse()?;
    Ok(Some(if negative { -value } else { value }))
}

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
            ExpressionKind::Struct(path, fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
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

/// A Rust path as it is written.
pub fn path_text(path: &Path) -> String {
    let names: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.join("::")
}

impl Literal {
    /// A number as JSON writes it: an integer where it has no fraction and no exponent.
    pub fn number(text: &str) -> Self {
        match text.parse() {
            Ok(integer) => Self::Integer(integer),
            Err(_) => Self::Float(text.parse().unwrap_or(f64::NAN)),
        }
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

/// A text as a JSON string.
fn json_text(text: &str) -> String {
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
