//! The native notation: ASL's vocabulary in snake case, in the shape of Rust struct literals.

mod expressions;

use std::time::Duration;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, Lit, LitInt, LitStr, Meta, Path, Token, Type, braced, bracketed,
    parenthesized, token,
};

use super::{
    Call, Catcher, ErrorName, Expression, Field, Limit, Machine, Name, Notation, Policy, Retrier,
    RetryItem, Rule, Spanned, State, Value, ValuePath, Workflow, expression,
};
use crate::diagnostics::{Diagnostics, nearest};

/// Parses a workflow. `None` when not even its head could be read; all errors are in the diagnostics.
pub fn workflow(
    tokens: proc_macro2::TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Workflow> {
    let parser = |input: ParseStream<'_>| Ok(parse_workflow(input, diagnostics));
    parser.parse2(tokens).ok().flatten()
}

fn parse_workflow(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Option<Workflow> {
    let workflow = head(input);
    let mut workflow = match workflow {
        Ok(workflow) => workflow,
        Err(error) => {
            diagnostics.parse_error(error);
            skip(input, |_| false);
            return None;
        }
    };
    if super::embedded::is_next(input) {
        if let Err(error) = super::embedded::read(input, &mut workflow, diagnostics) {
            diagnostics.parse_error(error);
            skip(input, |_| false);
        }
        return Some(workflow);
    }
    while !input.is_empty() {
        if let Err(error) = item(input, &mut workflow, diagnostics) {
            diagnostics.parse_error(error);
            skip_state(input);
        }
    }
    Some(workflow)
}

/// `pub OrderFlow(&Shop, Order) -> Handled;`
fn head(input: ParseStream<'_>) -> syn::Result<Workflow> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let expected = |span| {
        syn::Error::new(
            span,
            "expected the head of the workflow\nhelp: begin with its name and its types, as in `pub OrderFlow(Order) -> Handled;`",
        )
    };
    let name: Ident = input.parse().map_err(|_| expected(input.span()))?;
    if !input.peek(token::Paren) {
        return Err(expected(name.span()));
    }
    let content;
    let paren = parenthesized!(content in input);
    let mut types = Punctuated::<Type, Token![,]>::parse_terminated(&content)?.into_iter();
    let (resources, given) = match (types.next(), types.next(), types.next()) {
        (Some(Type::Reference(resources)), given, None) => (Some(*resources.elem), given),
        (given, None, None) => (None, given),
        (_, Some(extra), _) => {
            return Err(syn::Error::new_spanned(
                extra,
                "a workflow has one input\nhelp: what the program hands to the tasks is a reference, and stands before the input: `(&Shop, Order)`",
            ));
        }
        (_, None, Some(_)) => unreachable!("an iterator that has ended gives nothing"),
    };
    let Some(given) = given else {
        return Err(syn::Error::new(
            paren.span.join(),
            format!(
                "the input of workflow `{name}` is missing\nhelp: write its type, as in `{name}(Order) -> Handled;`, or `()`"
            ),
        ));
    };
    input.parse::<Token![->]>().map_err(|error| {
        syn::Error::new(error.span(), format!("expected `->` and the type of the output\nhelp: write it, as in `{name}(...) -> Handled;`"))
    })?;
    let output = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok(Workflow {
        notation: Notation::Native,
        comment: None,
        file: None,
        attributes,
        visibility,
        name,
        resources,
        input: given,
        output,
        timeout: None,
        is_exported: false,
        start_at: None,
        policies: Vec::new(),
        states: Vec::new(),
    })
}

/// A state, a named retry policy, or a setting of the workflow.
fn item(
    input: ParseStream<'_>,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.peek(Ident::peek_any) && input.peek2(Ident::peek_any) && input.peek3(Token![=]) {
        workflow.policies.push(policy(input, diagnostics)?);
        return Ok(());
    }
    if let Some(setting) = setting(input) {
        return settings(input, &setting, workflow);
    }
    let state = state(input, &attributes, diagnostics)?;
    workflow.states.push(state);
    Ok(())
}

/// The name of a setting, where one stands and not a state of that name.
fn setting(input: ParseStream<'_>) -> Option<Ident> {
    let fork = input.fork();
    let name = fork.call(Ident::parse_any).ok()?;
    fork.parse::<Token![:]>().ok()?;
    let is_state = fork.call(Ident::parse_any).is_ok() && fork.peek(token::Brace);
    let is_setting = ["timeout", "start_at", "export"].iter().any(|setting| name == setting);
    (is_setting && !is_state).then_some(name)
}

fn settings(input: ParseStream<'_>, setting: &Ident, workflow: &mut Workflow) -> syn::Result<()> {
    input.call(Ident::parse_any)?;
    input.parse::<Token![:]>()?;
    if setting == "timeout" {
        if workflow.timeout.is_some() {
            return Err(syn::Error::new(setting.span(), "`timeout` is given twice"));
        }
        workflow.timeout = Some(duration(input)?);
    } else if setting == "export" {
        let notation: Ident = input.parse()?;
        if notation != "asl" {
            return Err(syn::Error::new(
                notation.span(),
                "a workflow is exported as `asl`\nhelp: write `export: asl;`",
            ));
        }
        workflow.is_exported = true;
    } else {
        workflow.start_at = Some(name(input)?);
    }
    input.parse::<Token![;]>().map(drop)
}

/// `retry LAMBDA = { ... };`
fn policy(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Policy> {
    let keyword = input.call(Ident::parse_any)?;
    if keyword != "retry" {
        return Err(syn::Error::new(
            keyword.span(),
            "expected `retry`, which begins a named retry policy, or a state",
        ));
    }
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    let mut retriers = Vec::new();
    for item in retry(input, diagnostics)? {
        match item {
            RetryItem::Retrier(retrier) => retriers.push(*retrier),
            RetryItem::Policy(name) => {
                return Err(syn::Error::new(
                    name.span(),
                    "a retry policy holds retriers, not other policies",
                ));
            }
        }
    }
    input.parse::<Token![;]>()?;
    Ok(Policy { name, retriers })
}

fn state(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    diagnostics: &mut Diagnostics,
) -> syn::Result<State> {
    let name = name(input)?;
    input.parse::<Token![:]>()?;
    let kind: Ident = input.parse().map_err(|error| {
        syn::Error::new(error.span(), format!("expected the kind of state `{}`: Task, Choice, Parallel, Map, Wait, Pass, Succeed or Fail", name.text))
    })?;
    let content;
    braced!(content in input);
    let known = diagnostics.count();
    let (fields, rules) = if kind == "Choice" {
        rules(&content, diagnostics)
    } else {
        (fields(&content, diagnostics), Vec::new())
    };
    let complete = diagnostics.count() == known;
    Ok(State {
        comment: comment(attributes),
        name,
        kind: Name::from(&kind),
        fields,
        rules,
        complete,
    })
}

/// The text of doc comments.
pub fn comment(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => Some(text.value().trim().to_owned()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n").trim().to_owned())
}

/// The states of a branch, to the end of its braces.
fn states(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Vec<State> {
    let mut states = Vec::new();
    while !input.is_empty() {
        let state = input
            .call(Attribute::parse_outer)
            .and_then(|attributes| state(input, &attributes, diagnostics));
        match state {
            Ok(state) => states.push(state),
            Err(error) => {
                diagnostics.parse_error(error);
                skip_state(input);
            }
        }
    }
    states
}

fn fields(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    while !input.is_empty() {
        match field(input, diagnostics) {
            Ok(field) => push(&mut fields, field, diagnostics),
            Err(error) => {
                diagnostics.parse_error(error);
                skip(input, |input| input.peek(Token![,]));
            }
        }
        comma(input, diagnostics);
    }
    fields
}

/// The comma after a field. Where it is missing, the next field may follow all the same.
fn comma(input: ParseStream<'_>, diagnostics: &mut Diagnostics) {
    if input.is_empty() {
        return;
    }
    if let Err(error) = input.parse::<Token![,]>() {
        diagnostics.parse_error(error);
        let is_field =
            input.peek(Ident::peek_any) && (input.peek2(Token![:]) || input.peek2(Token![,]));
        if !is_field {
            skip(input, |input| input.peek(Token![,]));
            let _ = input.parse::<Option<Token![,]>>();
        }
    }
}

fn push(fields: &mut Vec<Field>, field: Field, diagnostics: &mut Diagnostics) {
    if fields.iter().any(|other| other.name == field.name) {
        diagnostics.error(field.name.span, format_args!("field `{}` is given twice", field.name));
    } else {
        fields.push(field);
    }
}

/// The fields and the rules of a Choice state.
fn rules(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> (Vec<Field>, Vec<Rule>) {
    let (mut fields, mut rules) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        let is_field =
            input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
        let parsed = if is_field {
            field(input, diagnostics).map(|field| push(&mut fields, field, diagnostics))
        } else {
            rule(input, diagnostics).map(|rule| rules.push(rule))
        };
        if let Err(error) = parsed {
            diagnostics.parse_error(error);
            skip(input, |input| input.peek(Token![,]));
        }
        comma(input, diagnostics);
    }
    (fields, rules)
}

fn rule(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Rule> {
    let span = input.span();
    let condition = match input.parse::<Option<Token![_]>>()? {
        Some(_) => None,
        None => Some(input.parse()?),
    };
    input.parse::<Token![=>]>()?;
    let fields = if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        fields(&content, diagnostics)
    } else {
        vec![Field {
            name: Name { text: "next".to_owned(), span: span.into() },
            value: Value::Name(name(input)?),
        }]
    };
    Ok(Rule { condition, span: span.into(), fields })
}

/// All fields that there are, for suggestions.
const FIELDS: &[&str] = &[
    "assign",
    "branches",
    "call",
    "catch",
    "cause",
    "comment",
    "end",
    "error",
    "heartbeat",
    "input_path",
    "item_processor",
    "item_selector",
    "items",
    "max_concurrency",
    "next",
    "output",
    "output_path",
    "parameters",
    "result",
    "result_path",
    "result_selector",
    "retry",
    "seconds",
    "timeout",
    "timestamp",
];

fn field(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Field> {
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
    if !FIELDS.contains(&text.as_str()) {
        let mut message = format!("unknown field `{text}`");
        if let Some(near) = renamed(&text).or_else(|| nearest(&text, FIELDS.iter().copied())) {
            message.push_str(&format!("\nhelp: a field with a similar name exists: `{near}`"));
        }
        return Err(syn::Error::new(name.span(), message));
    }
    let colon: Token![:] = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) {
        diagnostics.error(colon.span, format_args!("the value of `{text}` is missing"));
        return Ok(Field { name: Name::from(&name), value: Value::Missing });
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

/// What a field of ASL, or of another tool, is called here.
fn renamed(name: &str) -> Option<&'static str> {
    Some(match expression::snake_case(name).as_str() {
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
        "comment" => {
            let text: LitStr = input
                .parse()
                .map_err(|error| syn::Error::new(error.span(), "expected text in quotes"))?;
            Value::Text(text.value())
        }
        "timeout" | "heartbeat" | "seconds" => Value::Limit(limit(input)?),
        "input_path" | "output_path" | "result_path" => path(input)?,
        _ => Value::Expression(input.parse()?),
    })
}

fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Name::from(&text));
    }
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected the name of a state"))?;
    Ok(Name::from(&name))
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
fn duration(input: ParseStream<'_>) -> syn::Result<Spanned<Duration>> {
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
        return Ok(Call { integration: Some(path), ..inner });
    }
    if !input.peek(token::Paren) {
        return Ok(Call { integration: None, function: path, arguments: None, resource: None });
    }
    let content;
    parenthesized!(content in input);
    // Where an argument cannot be read, the function still can: an editor goes on resolving it.
    let arguments = match Punctuated::<Expression, Token![,]>::parse_terminated(&content) {
        Ok(arguments) => Some(arguments.into_iter().collect()),
        Err(error) => {
            diagnostics.parse_error(error);
            skip(&content, |_| false);
            None
        }
    };
    Ok(Call { integration: None, function: path, arguments, resource: None })
}

/// Items in brackets, or one without.
fn one_or_more<T>(
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

fn retry(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Vec<RetryItem>> {
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
    const FIELDS: [&str; 6] =
        ["error_equals", "interval", "max_attempts", "backoff_rate", "max_delay", "jitter"];
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
    match expression::snake_case(name).as_str() {
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
            let text: LitStr = input.parse()?;
            return Ok(ErrorName::Text(Spanned { value: text.value(), span: text.span().into() }));
        }
        let path = Path::parse_mod_style(input).map_err(|error| {
            syn::Error::new(error.span(), "expected an error name: text such as `\"States.Timeout\"`, or a variant such as `PaymentError::Declined`")
        })?;
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

fn catch(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Vec<Catcher>> {
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

fn branches(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Vec<Machine>> {
    if !input.peek(token::Bracket) {
        return Err(input.error(
            "expected a list of branches, each with its states in braces: `[{ ... }, { ... }]`",
        ));
    }
    one_or_more(input, |input| block(input, diagnostics))
}

/// States in braces.
fn block(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Machine> {
    if !input.peek(token::Brace) {
        return Err(input.error("expected states in braces: `{ Name: Task { ... } }`"));
    }
    let content;
    let brace = braced!(content in input);
    let states = states(&content, diagnostics);
    Ok(Machine { start_at: None, states, span: brace.span.open().into() })
}

fn assign(input: ParseStream<'_>) -> syn::Result<Vec<(Name, Expression)>> {
    if !input.peek(token::Brace) {
        return Err(input.error("expected variables and their values, as in `{ total: $.total }`"));
    }
    let content;
    braced!(content in input);
    let mut variables: Vec<(Name, Expression)> = Vec::new();
    while !content.is_empty() {
        let name = content.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "expected the name of a variable, without quotes")
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
            content.parse::<Token![,]>()?;
        }
    }
    Ok(variables)
}

/// Skips tokens until the next one is wanted, or none is left.
fn skip(input: ParseStream<'_>, wanted: impl Fn(ParseStream<'_>) -> bool) {
    while !input.is_empty() && !wanted(input) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

/// Skips to after the braces of a state that could not be read, or after a semicolon.
fn skip_state(input: ParseStream<'_>) {
    skip(input, |input| input.peek(token::Brace) || input.peek(Token![;]));
    let _ = input.parse::<proc_macro2::TokenTree>();
    let _: Option<Token![;]> = input.parse().unwrap_or(None);
}
