//! Expressions of the native notation, as they are parsed.

use std::fmt::Display;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Lit, LitStr, Member, Path, PathArguments, PathSegment, Token, braced, bracketed, parenthesized,
    token,
};

use super::instead::{comma_or_help, of_a_pattern};
use crate::parse::Name;
use crate::parse::expression::{
    Expression, ExpressionKind, Literal, Operator, ValuePath, path_text, snake_case,
};

impl Parse for Expression {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        binary(input, 0)
    }
}

fn binary(input: ParseStream<'_>, least: u8) -> syn::Result<Expression> {
    let mut left = unary(input)?;
    while let Some(operator) = Operator::peek(input) {
        // `=>` begins the target of a rule, and `->` is written for it.
        if input.peek(Token![=>]) || input.peek(Token![->]) || operator.precedence() <= least {
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
        let kind = ExpressionKind::Array(listed(&content)?);
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

/// Expressions to the end of their brackets, with commas between them.
pub(super) fn listed(input: ParseStream<'_>) -> syn::Result<Vec<Expression>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        of_a_pattern(input)?;
        items.push(input.parse()?);
        if input.peek(Token![:]) {
            return Err(input.error("expected `,`\nhelp: arguments have no names here, they stand in the order of the parameters"));
        }
        if !input.is_empty() {
            comma_or_help(input)?;
        }
    }
    Ok(items)
}

fn bare_number(span: Span, written: impl Display, number: &str) -> syn::Error {
    let message = format!(
        "`{written}` is no value: a number has no unit and no type here\nhelp: the number is `{number}`"
    );
    syn::Error::new(span, message)
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
        Lit::Int(integer) => return Err(bare_number(span, integer, integer.base10_digits())),
        Lit::Float(float) => return Err(bare_number(span, float, float.base10_digits())),
        _ => {
            return Err(syn::Error::new(
                span,
                "expected a number, text in double quotes, `true`, `false` or `null`",
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
            comma_or_help(&content)?;
        }
    }
    Ok(Expression::new(ExpressionKind::Object(fields), brace.span.open(), brace.span.close()))
}

/// What begins with a name: `null`, a call, a struct literal, a constant.
fn named(input: ParseStream<'_>) -> syn::Result<Expression> {
    let start = input.span();
    let path = with_types(input)?;
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

/// A path, in which types may stand as in an expression of Rust: `Page::<Order>`.
fn with_types(input: ParseStream<'_>) -> syn::Result<Path> {
    let mut path = Path { leading_colon: input.parse()?, segments: Punctuated::new() };
    loop {
        let mut segment = PathSegment::from(input.call(Ident::parse_any)?);
        if input.peek(Token![::]) && input.peek3(Token![<]) {
            segment.arguments = PathArguments::AngleBracketed(input.parse()?);
        }
        path.segments.push_value(segment);
        if !input.peek(Token![::]) {
            return Ok(path);
        }
        path.segments.push_punct(input.parse()?);
    }
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

fn call(input: ParseStream<'_>, path: &Path, start: proc_macro2::Span) -> syn::Result<Expression> {
    let content;
    let paren = parenthesized!(content in input);
    let end = paren.span.close();
    let mut arguments = listed(&content)?;
    let name = path.segments.last().map(|segment| &segment.ident);
    let is_type = name.is_some_and(|name| name.to_string().starts_with(char::is_uppercase));
    let name = match path.get_ident() {
        Some(name) if name == "Some" || !is_type => name,
        _ if is_type && arguments.is_empty() => {
            let text = format!(
                "`{}()` holds nothing\nhelp: write its values between the parentheses, or leave them out; a workflow is called in the `call` field of a Task state",
                path_text(path)
            );
            return Err(syn::Error::new(start, text));
        }
        _ if is_type => return Ok(Expression::new(tuple(path, arguments), start, end)),
        _ if path.segments[0].ident == "Duration" => {
            let text = "a duration is a literal or a constant\nhelp: write `5s`, or `const PATIENCE: Duration = ..` before `workflow!`";
            return Err(syn::Error::new(start, text));
        }
        _ => {
            return Err(syn::Error::new(
                start,
                "only intrinsic functions can be called here\nhelp: a task is called in the `call` field of a Task state: give it a state of its own, before this one",
            ));
        }
    };
    if name == "Some" && arguments.len() == 1 {
        let value = Box::new(arguments.remove(0));
        return Ok(Expression::new(ExpressionKind::Some(value), start, end));
    }
    Ok(Expression::new(ExpressionKind::Call(Name::from(name), arguments), start, end))
}

/// `OrderId($.id)`, `Payment::Card($.number)`
fn tuple(path: &Path, values: Vec<Expression>) -> ExpressionKind {
    let fields = values.into_iter().enumerate();
    let fields = fields.map(|(position, value)| (Member::from(position), value)).collect();
    ExpressionKind::Struct(path.clone(), fields)
}

fn structure(
    input: ParseStream<'_>,
    path: Path,
    start: proc_macro2::Span,
) -> syn::Result<Expression> {
    let content;
    let brace = braced!(content in input);
    let mut fields: Vec<(Member, Expression)> = Vec::new();
    while !content.is_empty() {
        of_a_pattern(&content)?;
        if content.peek(LitStr) {
            return Err(content.error("a struct literal has Rust names, without quotes\nhelp: for JSON names leave out the type, as in `{ \"orderId\": $.id }`"));
        }
        let name = rust_name(&content)?;
        if fields.iter().any(|(other, _)| *other == Member::Named(name.clone())) {
            return Err(syn::Error::new(name.span(), format!("field `{name}` is given twice")));
        }
        content.parse::<Token![:]>().map_err(|error| {
            let text = format!(
                "expected `:` and the value of the field, as in `{name}: $.{}`",
                name.unraw()
            );
            syn::Error::new(error.span(), text)
        })?;
        fields.push((Member::from(name), content.parse()?));
        if !content.is_empty() {
            comma_or_help(&content)?;
        }
    }
    Ok(Expression::new(ExpressionKind::Struct(path, fields), start, brace.span.close()))
}

/// The name of a field of a struct, which Rust writes `r#type` where it is a keyword.
fn rust_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.parse().map_err(|error: syn::Error| {
        let text = match input.fork().call(Ident::parse_any) {
            Ok(keyword) => {
                format!("`{keyword}` is a keyword of Rust\nhelp: the field is `r#{keyword}`")
            }
            Err(_) => "expected the name of a field".to_owned(),
        };
        syn::Error::new(error.span(), text)
    })
}

impl Operator {
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
