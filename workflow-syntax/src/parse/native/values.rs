//! A field of a state and its value, which the name of the field decides.

use std::time::Duration;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Lit, LitStr, Path, Token, braced, bracketed, parenthesized, parse_quote, token,
};

use super::expressions::listed;
use super::handlers::{catch, retry};
use super::instead::comma_or_help;
use super::{comment, skip, states};
use crate::diagnostics::{Diagnostics, nearest};
use crate::model::fields;
use crate::parse::expression::snake_case;
use crate::parse::{
    Call, Expression, Field, Limit, Machine, Name, Spanned, Value, ValuePath, integration,
};

pub(super) fn field(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Field> {
    let name = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), "expected the name of a field, such as `next`")
    })?;
    let text = name.to_string();
    if text == "end" {
        if input.peek(Token![:]) {
            let colon: Token![:] = input.parse()?;
            skip(input, |input| input.peek(Token![,]));
            diagnostics.error(colon.span, "`end` has no value").help("write `end` alone");
        }
        return Ok(Field { name: Name::from(&name), value: Value::Flag });
    }
    let fields = fields::all();
    if !fields.contains(&text.as_str()) {
        let mut message = format!("unknown field `{text}`");
        if snake_case(&text) == "default" {
            message.push_str("\nhelp: the default of a Choice state is its last rule, `_ => Ship`");
        } else if let Some(other) = renamed(&text) {
            message.push_str(&format!("\nhelp: it is called `{other}` here"));
        } else if let Some(near) = nearest(&text, fields) {
            message.push_str(&format!("\nhelp: a field with a similar name exists: `{near}`"));
        }
        return Err(syn::Error::new(name.span(), message));
    }
    let colon: Token![:] = match input.parse() {
        Ok(colon) => colon,
        Err(error) => {
            diagnostics.parse_error(without_value(&name, error));
            skip(input, |input| input.peek(Token![,]));
            return Ok(Field { name: Name::from(&name), value: missing(&text) });
        }
    };
    if input.is_empty() || input.peek(Token![,]) {
        diagnostics.error(colon.span, format_args!("the value of `{text}` is missing"));
        return Ok(Field { name: Name::from(&name), value: missing(&text) });
    }
    let value = match value(input, &text, diagnostics) {
        Ok(value) => value,
        Err(error) => {
            diagnostics.parse_error(error);
            skip(input, |input| input.peek(Token![,]));
            Value::Missing
        }
    };
    Ok(Field { name: Name::from(&name), value })
}

/// The value of a field that has none.
fn missing(field: &str) -> Value {
    match field {
        // The state waits all the same, so that its token exists.
        "wait_for_task_token" => Value::Type(Box::new(parse_quote!(::workflow_core::Json))),
        _ => Value::Missing,
    }
}

fn without_value(name: &Ident, error: syn::Error) -> syn::Error {
    let example = match name.to_string().as_str() {
        "next" => "\nhelp: write the name of a state, as in `next: Ship`",
        "wait_for_task_token" => {
            "\nhelp: write the type of what is sent back, as in `wait_for_task_token: Receipt`"
        }
        _ => "",
    };
    syn::Error::new(error.span(), format!("expected `:` and the value of `{name}`{example}"))
}

/// What a field of ASL, or of another tool, is called here.
fn renamed(name: &str) -> Option<&'static str> {
    Some(match snake_case(name).as_str() {
        "resource" => "call",
        "timeout_seconds" | "timeout_seconds_path" => "timeout",
        "heartbeat_seconds" | "heartbeat_seconds_path" => "heartbeat",
        "seconds_path" => "seconds",
        "timestamp_path" => "timestamp",
        "items_path" => "items",
        "iterator" => "item_processor",
        "error_path" => "error",
        "cause_path" => "cause",
        "max_concurrency_path" => "max_concurrency",
        "arguments" => "parameters",
        "errors" | "error_names" => "error_equals",
        "on_error" | "catches" | "catchers" | "catcher" => "catch",
        "retries" | "retrier" | "retriers" => "retry",
        "minutes" | "hours" | "days" | "duration" => "seconds",
        _ => return None,
    })
}

fn value(input: ParseStream<'_>, field: &str, diagnostics: &mut Diagnostics) -> syn::Result<Value> {
    Ok(match field {
        "next" => Value::Name(name(input)?),
        "call" => Value::Call(call(input, diagnostics)?),
        "retry" => Value::Retry(retry(input, diagnostics)?),
        "catch" => Value::Catch(catch(input, diagnostics)?),
        "branches" => Value::Branches(branches(input, diagnostics)?),
        "item_processor" => Value::States(block(input, diagnostics)?),
        "assign" => Value::Assign(assign(input)?),
        "comment" => Value::Text(text(input)?),
        "wait_for_task_token" => ty(input, diagnostics),
        "timeout" | "heartbeat" | "seconds" => Value::Limit(limit(input)?),
        "input_path" | "output_path" | "result_path" => path(input)?,
        _ => Value::Expression(input.parse()?),
    })
}

pub(super) fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Name::from(&text));
    }
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected the name of a state"))?;
    Ok(Name::from(&name))
}

pub(super) fn text(input: ParseStream<'_>) -> syn::Result<String> {
    let text: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), "expected text in quotes"))?;
    Ok(text.value())
}

/// The type of what is sent back with a task token.
fn ty(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Value {
    match input.parse() {
        Ok(ty) => Value::Type(Box::new(ty)),
        Err(error) => {
            let what =
                "expected the type of what is sent back with the task token, such as `Receipt`";
            diagnostics.parse_error(syn::Error::new(error.span(), what));
            skip(input, |input| input.peek(Token![,]));
            missing("wait_for_task_token")
        }
    }
}

/// A path or `null`.
fn path(input: ParseStream<'_>) -> syn::Result<Value> {
    let span = input.span();
    if input.peek(Token![$]) {
        let path: ValuePath = input.parse()?;
        return Ok(Value::Path(Some(path)));
    }
    if input.peek(syn::Ident) && input.parse::<Ident>()? == "null" {
        return Ok(Value::Path(None));
    }
    Err(syn::Error::new(span, "expected a path such as `$.order`, or `null`"))
}

fn limit(input: ParseStream<'_>) -> syn::Result<Limit> {
    let is_duration = match input.fork().parse::<Lit>() {
        Ok(Lit::Int(literal)) => !literal.suffix().is_empty(),
        Ok(Lit::Float(literal)) => !literal.suffix().is_empty(),
        _ => false,
    };
    if is_duration { duration(input).map(Limit::Fixed) } else { input.parse().map(Limit::Seconds) }
}

/// `2s`, `500ms`, `1.5h`
pub(super) fn duration(input: ParseStream<'_>) -> syn::Result<Spanned<Duration>> {
    const EXPECTED: &str = "expected a duration such as `2s`, `500ms`, `5m`, `1h` or `1d`";
    let span = input.span();
    let expected = || syn::Error::new(span, EXPECTED);
    let (value, unit) = match input.parse::<Lit>().map_err(|_| expected())? {
        Lit::Int(literal) => (literal.base10_parse::<f64>()?, literal.suffix().to_owned()),
        Lit::Float(literal) => (literal.base10_parse::<f64>()?, literal.suffix().to_owned()),
        _ => return Err(expected()),
    };
    let seconds = match unit.as_str() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return Err(expected()),
    };
    let value = Duration::try_from_secs_f64(value * seconds)
        .map_err(|_| syn::Error::new(span, "the duration is out of range"))?;
    Ok(Spanned { value, span: span.into() })
}

fn call(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Call> {
    let path = Path::parse_mod_style(input).map_err(|error| {
        syn::Error::new(
            error.span(),
            "expected a task or a workflow to call, as in `charge($.order)`",
        )
    })?;
    let segments: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    if matches!(segments.as_slice(), [.., module, function] if module == "lambda" && function == "invoke")
    {
        let content;
        parenthesized!(content in input);
        let inner = call(&content, diagnostics)?;
        if inner.integration.is_some() || !content.is_empty() {
            return Err(content.error(
                "`lambda::invoke` takes one function, as in `lambda::invoke(charge($.order))`",
            ));
        }
        return Ok(Call { integration: Some(integration(path)), ..inner });
    }
    if !input.peek(token::Paren) {
        return Ok(Call::of(path, None));
    }
    let content;
    parenthesized!(content in input);
    // Where an argument cannot be read, the function still can: an editor goes on resolving it.
    let arguments = match listed(&content) {
        Ok(arguments) => Some(arguments),
        Err(error) => {
            diagnostics.parse_error(error);
            skip(&content, |_| false);
            None
        }
    };
    Ok(Call::of(path, arguments))
}

/// Items in brackets, or one without.
pub(super) fn one_or_more<T>(
    input: ParseStream<'_>,
    mut item: impl FnMut(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    if !input.peek(token::Bracket) {
        return Ok(vec![item(input)?]);
    }
    let content;
    bracketed!(content in input);
    let mut items = Vec::new();
    while !content.is_empty() {
        items.push(item(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(items)
}

fn branches(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Vec<Machine>> {
    if !input.peek(token::Bracket) {
        return Err(input.error(
            "expected a list of branches, each with its states in braces: `[{ ... }, { ... }]`",
        ));
    }
    one_or_more(input, |input| block(input, diagnostics))
}

/// States in braces, after what an inner doc comment says of them.
fn block(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Machine> {
    if !input.peek(token::Brace) {
        return Err(input.error("expected states in braces: `{ Name: Task { ... } }`"));
    }
    let content;
    let brace = braced!(content in input);
    let comment = comment(&content.call(Attribute::parse_inner)?);
    let states = states(&content, diagnostics);
    Ok(Machine { comment, start_at: None, states, span: brace.span.open().into() })
}

fn assign(input: ParseStream<'_>) -> syn::Result<Vec<(Name, Expression)>> {
    if !input.peek(token::Brace) {
        return Err(input.error("expected variables and their values, as in `{ total: $.total }`"));
    }
    let content;
    braced!(content in input);
    let mut variables: Vec<(Name, Expression)> = Vec::new();
    while !content.is_empty() {
        let without = if content.peek(Token![$]) { "`$`" } else { "quotes" };
        let name = content.call(Ident::parse_any).map_err(|error| {
            let text = format!("expected the name of a variable, without {without}");
            syn::Error::new(error.span(), text)
        })?;
        let name = Name::from(&name);
        if variables.iter().any(|(other, _)| *other == name) {
            return Err(syn::Error::new(
                name.span.tokens(),
                format!("variable `{name}` is assigned twice"),
            ));
        }
        content.parse::<Token![:]>()?;
        variables.push((name, Expression::parse(&content)?));
        if !content.is_empty() {
            comma_or_help(&content)?;
        }
    }
    Ok(variables)
}
