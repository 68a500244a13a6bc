//! The native notation: ASL's vocabulary in snake case, in the shape of Rust struct literals.

mod expressions;
mod handlers;
mod head;
mod instead;
mod paths;
mod rules;
mod settings;
mod values;

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Lit, LitStr, Meta, Token, braced, token};

use super::{Field, Name, State, Workflow};
use crate::diagnostics::{Diagnostics, nearest};
use crate::parse::expression::path_text;
use head::head;
use instead::comma_or_help;
use rules::rules;
use settings::{SETTINGS, is_policy, policy, setting, settings};
use values::{field, name};

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
