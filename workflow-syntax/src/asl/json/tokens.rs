//! JSON from the tokens between the braces of a macro.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Ident, Lit, LitStr, Path, Token, braced, bracketed, parenthesized, token};

use super::{Json, Value};
use crate::parse::{Literal, Name, integration};

/// Parses a value.
///
/// # Errors
///
/// When the tokens are no JSON.
pub fn json(input: ParseStream<'_>) -> syn::Result<Json> {
    let span = input.span();
    let value = if input.peek(token::Brace) {
        object(input)?
    } else if input.peek(token::Bracket) {
        array(input)?
    } else if input.peek(Lit) || input.peek(Token![-]) {
        Value::Literal(literal(input)?)
    } else {
        named(input)?
    };
    Ok(Json { value, span: span.into() })
}

fn object(input: ParseStream<'_>) -> syn::Result<Value> {
    let content;
    braced!(content in input);
    let mut fields = Vec::new();
    while !content.is_empty() {
        let name: LitStr = content.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected the name of a field, in double quotes")
        })?;
        content.parse::<Token![:]>()?;
        fields.push((Name::from(&name), json(&content)?));
        comma(&content, "}")?;
    }
    Ok(Value::Object(fields))
}

fn array(input: ParseStream<'_>) -> syn::Result<Value> {
    let content;
    bracketed!(content in input);
    let mut elements = Vec::new();
    while !content.is_empty() {
        elements.push(json(&content)?);
        comma(&content, "]")?;
    }
    Ok(Value::Array(elements))
}

/// A comma, unless the end follows. JSON has none before the end.
fn comma(content: ParseStream<'_>, end: &str) -> syn::Result<()> {
    if content.is_empty() {
        return Ok(());
    }
    let comma: Token![,] = content
        .parse()
        .map_err(|error| syn::Error::new(error.span(), format!("expected `,` or `{end}`")))?;
    if content.is_empty() {
        return Err(syn::Error::new(comma.span, format!("JSON has no comma before `{end}`")));
    }
    Ok(())
}

fn literal(input: ParseStream<'_>) -> syn::Result<Literal> {
    let minus = input.parse::<Option<Token![-]>>()?;
    let literal: Lit = input.parse()?;
    let sign = if minus.is_some() { "-" } else { "" };
    match &literal {
        Lit::Str(text) if minus.is_none() => Ok(Literal::Text(text.value())),
        Lit::Bool(boolean) if minus.is_none() => Ok(Literal::Boolean(boolean.value)),
        Lit::Int(number) if number.suffix().is_empty() => {
            self::number(&format!("{sign}{}", number.base10_digits()), literal.span())
        }
        Lit::Float(number) if number.suffix().is_empty() => {
            self::number(&format!("{sign}{}", number.base10_digits()), literal.span())
        }
        _ => Err(syn::Error::new(literal.span(), EXPECTED)),
    }
}

fn number(text: &str, span: Span) -> syn::Result<Literal> {
    Literal::number(text).ok_or_else(|| syn::Error::new(span, super::OUT_OF_RANGE))
}

const EXPECTED: &str =
    "expected a JSON value: an object, an array, a string, a number, `true`, `false` or `null`";

/// `null`, or the task that a `Resource` names.
fn named(input: ParseStream<'_>) -> syn::Result<Value> {
    let start: Span = input.span();
    let function = Path::parse_mod_style(input).map_err(|_| syn::Error::new(start, EXPECTED))?;
    if function.get_ident().is_some_and(|ident: &Ident| ident == "null") {
        return Ok(Value::Literal(Literal::Null));
    }
    if !input.peek(token::Paren) {
        return Ok(Value::Task { integration: None, function });
    }
    let content;
    let paren = parenthesized!(content in input);
    let inner =
        Punctuated::<Path, Token![,]>::parse_terminated_with(&content, Path::parse_mod_style)?;
    let mut inner = inner.into_iter();
    match (inner.next(), inner.next()) {
        (Some(task), None) => {
            Ok(Value::Task { integration: Some(integration(function)), function: task })
        }
        _ => Err(syn::Error::new(
            paren.span.join(),
            "expected one task, as in `lambda::invoke(charge)`",
        )),
    }
}
