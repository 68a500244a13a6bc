//! What handles errors: retriers and catchers.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Lit, LitInt, LitStr, Path, Token, braced, token};

use super::values::{duration, field, one_or_more, text};
use super::{push, skip};
use crate::diagnostics::Diagnostics;
use crate::parse::expression::snake_case;
use crate::parse::{Catcher, ErrorName, Name, Retrier, RetryItem, Spanned};

pub(super) fn retry(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<Vec<RetryItem>> {
    one_or_more(input, |input| {
        if input.peek(token::Brace) {
            return retrier(input, diagnostics)
                .map(|retrier| RetryItem::Retrier(Box::new(retrier)));
        }
        input.parse().map(RetryItem::Policy).map_err(|error| {
            syn::Error::new(
                error.span(),
                "expected a retrier in braces, or the name of a retry policy",
            )
        })
    })
}

fn retrier(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Retrier> {
    const FIELDS: [&str; 7] = [
        "error_equals",
        "interval",
        "max_attempts",
        "backoff_rate",
        "max_delay",
        "jitter",
        "comment",
    ];
    let content;
    let brace = braced!(content in input);
    let mut retrier = Retrier {
        span: brace.span.open().into(),
        error_equals: Some(Vec::new()),
        interval: None,
        max_attempts: None,
        backoff_rate: None,
        max_delay: None,
        jitter: None,
        comment: None,
    };
    while !content.is_empty() {
        let name = content.call(Ident::parse_any)?;
        let text = name.to_string();
        if !FIELDS.contains(&text.as_str()) {
            retrier.error_equals = None;
            let error =
                diagnostics.error(name.span(), format_args!("unknown field `{name}` of a retrier"));
            error.suggest("a field", &renamed_in_retrier(&text), FIELDS);
            skip(&content, |input| input.peek(Token![,]));
        } else {
            content.parse::<Token![:]>()?;
            if let Err(error) = retrier_field(&content, &text, &mut retrier) {
                diagnostics.parse_error(error);
                retrier.error_equals = None;
                skip(&content, |input| input.peek(Token![,]));
            }
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(retrier)
}

fn renamed_in_retrier(name: &str) -> String {
    match snake_case(name).as_str() {
        "interval_seconds" => "interval".to_owned(),
        "max_delay_seconds" => "max_delay".to_owned(),
        "jitter_strategy" => "jitter".to_owned(),
        other => other.to_owned(),
    }
}

fn retrier_field(input: ParseStream<'_>, field: &str, retrier: &mut Retrier) -> syn::Result<()> {
    let span = input.span();
    match field {
        "error_equals" => retrier.error_equals = Some(error_equals(input)?),
        "interval" => retrier.interval = Some(duration(input)?),
        "max_delay" => retrier.max_delay = Some(duration(input)?),
        "max_attempts" => {
            let literal: Option<LitInt> = input.parse().ok();
            let value = literal
                .filter(|literal| literal.suffix().is_empty())
                .and_then(|literal| literal.base10_parse().ok())
                .ok_or_else(|| {
                    syn::Error::new(
                        span,
                        "expected how many retries there are, a whole number from 0",
                    )
                })?;
            retrier.max_attempts = Some(Spanned { value, span: span.into() });
        }
        "backoff_rate" => {
            let value = match input.parse() {
                Ok(Lit::Int(literal)) if literal.suffix().is_empty() => literal.base10_parse().ok(),
                Ok(Lit::Float(literal)) if literal.suffix().is_empty() => {
                    literal.base10_parse().ok()
                }
                _ => None,
            };
            let value = value.ok_or_else(|| {
                syn::Error::new(span, "expected a number from 1.0, such as `2.0`")
            })?;
            retrier.backoff_rate = Some(Spanned { value, span: span.into() });
        }
        "comment" => retrier.comment = Some(text(input)?),
        _ => {
            let name: Ident =
                input.parse().map_err(|_| syn::Error::new(span, "expected `FULL` or `NONE`"))?;
            retrier.jitter = Some(Name::from(&name));
        }
    }
    Ok(())
}

fn error_equals(input: ParseStream<'_>) -> syn::Result<Vec<ErrorName>> {
    if !input.peek(token::Bracket) {
        return Err(input.error(
            "expected a list of error names, as in `[PaymentError::Declined, \"States.Timeout\"]`",
        ));
    }
    one_or_more(input, |input| {
        if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            return Ok(ErrorName::Text(Spanned { value: name.value(), span: name.span().into() }));
        }
        let path = Path::parse_mod_style(input).map_err(|error| {
            syn::Error::new(error.span(), "expected an error name: text such as `\"States.Timeout\"`, or a variant such as `PaymentError::Declined`")
        })?;
        if input.peek(token::Paren) || input.peek(token::Brace) {
            let text = "an error is named without what it holds\nhelp: write the variant alone, as in `PaymentError::Declined`";
            return Err(input.error(text));
        }
        let mut ty = path.clone();
        let variant = ty.segments.pop().map(|segment| segment.ident);
        ty.segments.pop_punct();
        match variant {
            Some(variant) if !ty.segments.is_empty() => Ok(ErrorName::Variant { ty, variant }),
            _ => Err(syn::Error::new_spanned(
                path,
                "expected the variant of an error type, as in `PaymentError::Declined`\nhelp: a name without a type stands in quotes",
            )),
        }
    })
}

pub(super) fn catch(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<Vec<Catcher>> {
    one_or_more(input, |input| {
        if !input.peek(token::Brace) {
            return Err(input.error("expected a catcher in braces, as in `{ error_equals: [\"States.ALL\"], next: Refund }`"));
        }
        let content;
        let brace = braced!(content in input);
        let mut catcher = Catcher {
            span: brace.span.open().into(),
            error_equals: Some(Vec::new()),
            fields: Vec::new(),
        };
        while !content.is_empty() {
            let is_errors =
                content.fork().call(Ident::parse_any).is_ok_and(|name| name == "error_equals");
            if is_errors {
                content.call(Ident::parse_any)?;
                content.parse::<Token![:]>()?;
                catcher.error_equals = Some(error_equals(&content)?);
            } else {
                let field = field(&content, diagnostics)?;
                push(&mut catcher.fields, field, diagnostics);
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(catcher)
    })
}
