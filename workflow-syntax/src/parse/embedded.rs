//! A definition of the Amazon States Language in `workflow!`: `asl: { ... }` or `asl: file "..."`, and `resources: { ... }`.

use std::path::PathBuf;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{LitStr, Path, Token, braced, token};

use super::{Name, Notation, SourceFile, Workflow};
use crate::asl::json::{Json, text, tokens};
use crate::asl::{self, Mapping, Resources};
use crate::diagnostics::Diagnostics;

/// Whether a definition, or what belongs to one, is next, and not a state of that name.
pub(super) fn is_next(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let named = fork.call(Ident::parse_any).is_ok_and(|name| name == "asl" || name == "resources");
    if !named || fork.parse::<Token![:]>().is_err() {
        return false;
    }
    let is_state = fork.call(Ident::parse_any).is_ok() && fork.peek(token::Brace);
    !is_state
}

/// What is written after the head of the workflow.
#[derive(Default)]
struct Written {
    definition: Option<Json>,
    resources: Resources,
}

/// Parses the rest of the macro into the workflow.
///
/// # Errors
///
/// When the tokens are no definition.
pub(super) fn read(
    input: ParseStream<'_>,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let mut written = Written::default();
    workflow.notation = Notation::Asl;
    if let Some(span) = native_setting(workflow) {
        return Err(syn::Error::new(
            span,
            "a definition in ASL says this itself\nhelp: remove it, and write `TimeoutSeconds`, `StartAt` or `Retry` in the definition",
        ));
    }
    while !input.is_empty() {
        let name: Ident = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        match name.to_string().as_str() {
            "asl" => written.definition = definition(input, workflow, diagnostics)?,
            "resources" => written.resources.mappings = mappings(input, diagnostics)?,
            _ => {
                return Err(syn::Error::new(
                    name.span(),
                    "beside a definition in ASL there may only be `resources: { \"arn:...\" => task }`",
                ));
            }
        }
        if !input.is_empty() && input.parse::<Option<Token![;]>>()?.is_none() {
            input.parse::<Option<Token![,]>>()?;
        }
    }
    let Some(json) = written.definition else {
        if diagnostics.is_empty() {
            let text = "the definition is missing\nhelp: write `asl: { ... }`, or `asl: file \"order_flow.asl.json\"`";
            return Err(syn::Error::new(workflow.name.span(), text));
        }
        return Ok(());
    };
    if let Some(definition) = asl::definition(&json, &written.resources, diagnostics) {
        workflow.comment = definition.machine.comment;
        workflow.timeout = definition.timeout;
        workflow.start_at = definition.machine.start_at;
        workflow.states = definition.machine.states;
    }
    Ok(())
}

/// Where a setting of the native notation is, which a definition has by itself.
fn native_setting(workflow: &Workflow) -> Option<Span> {
    let timeout = workflow.timeout.as_ref().map(|timeout| timeout.span.tokens());
    let start = workflow.start_at.as_ref().map(|start| start.span.tokens());
    let policy = workflow.policies.first().map(|policy| policy.name.span());
    timeout.or(start).or(policy)
}

/// The definition itself, or the file that it is in, relative to the crate.
fn definition(
    input: ParseStream<'_>,
    workflow: &mut Workflow,
    diagnostics: &mut Diagnostics,
) -> syn::Result<Option<Json>> {
    let is_file = input.fork().call(Ident::parse_any).is_ok_and(|name| name == "file");
    if !is_file {
        let span = input.span();
        if let Ok(name) = input.fork().parse::<LitStr>() {
            let text = format!(
                "a definition begins with a brace\nhelp: for one in a file, write `asl: file {:?}`",
                name.value()
            );
            return Err(syn::Error::new(span, text));
        }
        return tokens::json(input).map(Some);
    }
    input.call(Ident::parse_any)?;
    let name: LitStr = input.parse()?;
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let path = root.join(name.value());
    let source = std::fs::read_to_string(&path).map_err(|error| {
        let text = format!(
            "cannot read `{}`: {error}\nhelp: the path is relative to the folder of the crate's Cargo.toml",
            name.value()
        );
        syn::Error::new(name.span(), text)
    })?;
    workflow.file = Some(SourceFile { name: name.value(), path });
    diagnostics.in_file(&name.value());
    Ok(text::read(&source, name.span(), diagnostics))
}

/// `{ "arn:aws:lambda:...:charge" => charge, ... }`
fn mappings(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Vec<Mapping>> {
    let content;
    braced!(content in input);
    let mut mappings = Vec::new();
    while !content.is_empty() {
        let arn: LitStr = content.parse()?;
        content.parse::<Token![=>]>()?;
        let function = Path::parse_mod_style(&content)?;
        let mapping = Mapping { arn: Name::from(&arn), function };
        if mappings.iter().any(|other: &Mapping| other.arn == mapping.arn) {
            let text = format!("a task stands for `{}` already", arn.value());
            diagnostics.error(arn.span(), text).help("remove one of them");
        }
        mappings.push(mapping);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(mappings)
}
