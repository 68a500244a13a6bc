//! The native notation: ASL's vocabulary in snake case, in the shape of Rust struct literals.

mod expressions;
mod handlers;
mod instead;
mod values;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, Lit, LitStr, Meta, Token, Type, TypeParamBound, braced, parenthesized,
    parse_quote, token,
};

use super::{Field, Name, Notation, Policy, RetryItem, Rule, State, Value, Workflow};
use crate::diagnostics::{Diagnostics, nearest};
use crate::parse::expression::path_text;
use handlers::retry;
use instead::{comma_or_help, operator_instead};
use values::{duration, field, name};

/// Parses a workflow. `None` when not even its head could be read; all errors are in the diagnostics.
pub fn workflow(
    tokens: proc_macro2::TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Workflow> {
    let mut workflow = None;
    let parser = |input: ParseStream<'_>| {
        workflow = parse_workflow(input, diagnostics);
        Ok(())
    };
    // What it says of tokens that are left after an error says nothing more.
    let _ = parser.parse2(tokens);
    workflow
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
    if input.peek(token::Brace) || is_asl(input) {
        diagnostics.parse_error(input.error(
            "a definition of ASL stands after `asl:`\nhelp: write `asl: { \"StartAt\": .. }`",
        ));
        skip(input, |_| false);
        return Some(workflow);
    }
    while !input.is_empty() {
        if workflow.states.is_empty() && super::embedded::is_next(input) {
            if let Err(error) = super::embedded::read(input, &mut workflow, diagnostics) {
                diagnostics.parse_error(error);
                skip(input, |_| false);
            }
            break;
        }
        read_or_skip(input, diagnostics, |input, diagnostics| {
            item(input, &mut workflow, diagnostics)
        });
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
    let types = Punctuated::<Type, Token![,]>::parse_terminated(&content);
    let mut types = types.map_err(|error| instead::of_types(&content, error))?.into_iter();
    let (resources, given) = match (types.next(), types.next(), types.next()) {
        (Some(Type::Reference(resources)), given, None) => (Some(owned(*resources.elem)), given),
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
    let output = input.parse().map_err(|error| {
        syn::Error::new(error.span(), format!("expected the type of the output of workflow `{name}`\nhelp: write it, as in `-> Handled;`, or `()`"))
    })?;
    input.parse::<Token![;]>().map_err(|error| instead::of_the_end_of_the_head(input, error))?;
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

/// The type behind a reference. A trait object behind one borrows what the reference may, unless it says that it does not.
fn owned(ty: Type) -> Type {
    let mut object = match ty {
        Type::Paren(inner) => return owned(*inner.elem),
        Type::Group(inner) => return owned(*inner.elem),
        Type::TraitObject(object) => object,
        ty => return ty,
    };
    if !object.bounds.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(_))) {
        object.bounds.push(parse_quote!('static));
    }
    parse_quote!((#object))
}

/// A state, a named retry policy, or a setting of the workflow.
fn item(
    input: ParseStream<'_>,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    no_separator(input, diagnostics);
    let attributes = doc_comments(input, diagnostics)?;
    if is_policy(input) {
        return policy(input, &mut workflow.policies, diagnostics);
    }
    if input.is_empty() {
        return Ok(());
    }
    if let Some(setting) = setting(input) {
        return settings(input, &setting, workflow);
    }
    state(input, &attributes, &mut workflow.states, diagnostics)
}

/// Whether the fields of a definition of ASL begin here, without what says so.
fn is_asl(input: ParseStream<'_>) -> bool {
    let field: Option<LitStr> = input.fork().parse().ok();
    let fields = ["StartAt", "States", "Comment", "QueryLanguage", "TimeoutSeconds", "Version"];
    field.is_some_and(|field| fields.contains(&field.value().as_str())) && !is_state(input)
}

/// Reports a comma or a semicolon after a state, and goes on after it.
fn no_separator(input: ParseStream<'_>, diagnostics: &mut Diagnostics) {
    while input.peek(Token![,]) || input.peek(Token![;]) {
        diagnostics.parse_error(
            input.error("states follow each other without a comma or a semicolon\nhelp: remove it"),
        );
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
}

/// Whether a named retry policy begins here, as far as it is written, and not a state.
fn is_policy(input: ParseStream<'_>) -> bool {
    let is_named = input.peek(Ident::peek_any) && input.peek2(Ident::peek_any);
    let is_retry = input.fork().call(Ident::parse_any).is_ok_and(|keyword| keyword == "retry");
    is_named && (input.peek3(Token![=]) || is_retry && !input.peek3(Token![:]))
}

/// What may be said of a workflow as a whole.
const SETTINGS: [&str; 3] = ["timeout", "start_at", "export"];

/// The name of a setting, where one stands and not a state of that name.
fn setting(input: ParseStream<'_>) -> Option<Ident> {
    let fork = input.fork();
    let name = fork.call(Ident::parse_any).ok()?;
    fork.parse::<Token![:]>().ok()?;
    let is_state = fork.call(Ident::parse_any).is_ok() && fork.peek(token::Brace);
    let is_setting = SETTINGS.iter().any(|setting| name == setting);
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
        let span = input.span();
        if input.parse::<Ident>().ok().is_none_or(|notation| notation != "asl") {
            return Err(syn::Error::new(
                span,
                "a workflow is exported as `asl`\nhelp: write `export: asl;`",
            ));
        }
        workflow.is_exported = true;
    } else {
        if is_state(input) {
            return Err(input.error("expected the name of the state that the workflow starts at"));
        }
        workflow.start_at = Some(name(input)?);
    }
    input.parse::<Token![;]>().map(drop)
}

/// `retry LAMBDA = { ... };`. Once it has a name it is there, so that states that use it are right.
fn policy(
    input: ParseStream<'_>,
    policies: &mut Vec<Policy>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let keyword = input.call(Ident::parse_any)?;
    if keyword != "retry" {
        return Err(syn::Error::new(
            keyword.span(),
            "expected `retry`, which begins a named retry policy, or a state",
        ));
    }
    let mut policy = Policy { name: input.parse()?, retriers: Vec::new() };
    let read = retriers(input, &mut policy, diagnostics);
    policies.push(policy);
    read
}

fn retriers(
    input: ParseStream<'_>,
    policy: &mut Policy,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let is_given = input.parse::<Token![=]>().is_ok();
    if !is_given || !(input.peek(token::Brace) || input.peek(token::Bracket)) {
        let name = &policy.name;
        let what = if is_given { "a retrier" } else { "`=` and a retrier" };
        return Err(input.error(format!(
            "expected {what} in braces, as in `retry {name} = {{ error_equals: [\"States.Timeout\"] }};`"
        )));
    }
    for item in retry(input, diagnostics)? {
        match item {
            RetryItem::Retrier(retrier) => policy.retriers.push(*retrier),
            RetryItem::Policy(name) => {
                return Err(syn::Error::new(
                    name.span(),
                    "a retry policy holds retriers, not other policies",
                ));
            }
        }
    }
    input.parse::<Token![;]>().map(drop)
}

/// Reads a state. Once it has a name it is there, so that transitions to it are right.
fn state(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    states: &mut Vec<State>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let name = name(input)?;
    let mut state = State {
        comment: comment(attributes),
        // As long as it is half typed: nothing is asked of a Pass state.
        kind: Name { text: "Pass".to_owned(), span: name.span },
        name,
        fields: Vec::new(),
        rules: Vec::new(),
        complete: false,
    };
    let read = kind_and_fields(input, &mut state, diagnostics);
    states.push(state);
    read
}

fn kind_and_fields(
    input: ParseStream<'_>,
    state: &mut State,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let name = &state.name.text;
    input.parse::<Token![:]>()?;
    let kind: Ident = input.parse().map_err(|error| {
        let kinds = "Task, Choice, Parallel, Map, Wait, Pass, Succeed or Fail";
        let setting = nearest(name, SETTINGS).map_or(String::new(), |setting| {
            format!("\nhelp: a setting of the workflow with a similar name exists: `{setting}`")
        });
        syn::Error::new(
            error.span(),
            format!("expected the kind of state `{name}`: {kinds}{setting}"),
        )
    })?;
    if !input.peek(token::Brace) {
        // At the end of the macro there is no token.
        let span = if input.is_empty() { kind.span() } else { input.span() };
        return Err(syn::Error::new(
            span,
            format!(
                "expected the fields of state `{name}` in braces, as in `{name}: {kind} {}`",
                if kind == "Succeed" { "{}" } else { "{ next: Ship }" }
            ),
        ));
    }
    let content;
    braced!(content in input);
    let known = diagnostics.count();
    if kind == "Choice" {
        (state.fields, state.rules) = rules(&content, diagnostics);
    } else {
        state.fields = fields(&content, diagnostics);
    }
    state.kind = Name::from(&kind);
    state.complete = diagnostics.count() == known;
    Ok(())
}

/// The doc comments before a state or a setting. There are no other attributes, and one that does nothing would seem to do something.
fn doc_comments(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<Vec<Attribute>> {
    let attributes = input.call(Attribute::parse_outer)?;
    for attribute in attributes.iter().filter(|attribute| !attribute.path().is_ident("doc")) {
        let path = attribute.path();
        let name = path_text(path);
        let error = syn::Error::new_spanned(
            path,
            format!(
                "only doc comments stand here, and this is `{name}`\nhelp: remove it; a `#[cfg]` may stand before `workflow!`"
            ),
        );
        diagnostics.parse_error(error);
    }
    Ok(attributes)
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
        read_or_skip(input, diagnostics, |input, diagnostics| {
            no_separator(input, diagnostics);
            if input.is_empty() {
                return Ok(());
            }
            let attributes = doc_comments(input, diagnostics)?;
            state(input, &attributes, &mut states, diagnostics)
        });
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
    if let Err(error) = comma_or_help(input) {
        diagnostics.parse_error(error);
        let word = input.fork().call(Ident::parse_any);
        let is_field = word.is_ok_and(|word| input.peek2(Token![:]) || word == "end");
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
    instead::of_a_condition(input)?;
    let condition = match input.parse::<Option<Token![_]>>()? {
        Some(_) => None,
        None => Some(input.parse()?),
    };
    input.parse::<Token![=>]>().map_err(|error| {
        let help = operator_instead(input);
        let text = "expected `=>` and the state that the rule leads to, as in `_ => Ship`";
        syn::Error::new(error.span(), format!("{text}{help}"))
    })?;
    let fields = if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        fields(&content, diagnostics)
    } else if input.peek(Ident::peek_any) && (input.peek2(Token![:]) || input.peek2(token::Brace)) {
        let error = input.error("expected the name of the state that the rule leads to\nhelp: write its name alone, as in `_ => Ship`, or fields in braces, `_ => { next: Ship }`");
        skip(input, |input| input.peek(Token![,]));
        return Err(error);
    } else {
        vec![Field {
            name: Name { text: "next".to_owned(), span: span.into() },
            value: Value::Name(name(input)?),
        }]
    };
    Ok(Rule { condition, span: span.into(), fields })
}

/// Skips tokens until the next one is wanted, or none is left.
fn skip(input: ParseStream<'_>, wanted: impl Fn(ParseStream<'_>) -> bool) {
    while !input.is_empty() && !wanted(input) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

/// Reads a state or what else may stand there; where that fails, goes on at the next one.
fn read_or_skip(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
    read: impl FnOnce(ParseStream<'_>, &mut Diagnostics) -> syn::Result<()>,
) {
    let fork = input.fork();
    match read(&fork, diagnostics) {
        Ok(()) => input.advance_to(&fork),
        Err(error) => {
            diagnostics.parse_error(error);
            skip_item(input);
        }
    }
}

/// Skips what could not be read: to the next state, or after braces, or after a semicolon. What is half typed may end where the
/// name of the next state stands, or after it.
fn skip_item(input: ParseStream<'_>) {
    let _ = input.parse::<proc_macro2::TokenTree>();
    skip(input, |input| input.peek(token::Brace) || input.peek(Token![;]) || is_state(input));
    if !is_state(input) {
        let _ = input.parse::<proc_macro2::TokenTree>();
        let _: Option<Token![;]> = input.parse().unwrap_or(None);
    }
}

/// Whether a state begins here.
fn is_state(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let is_head =
        name(&fork).is_ok() && fork.parse::<Token![:]>().is_ok() && fork.parse::<Ident>().is_ok();
    is_head && fork.peek(token::Brace)
}
