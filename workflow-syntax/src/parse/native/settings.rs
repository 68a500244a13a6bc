//! What is said of a workflow as a whole: its settings, and its named retry policies.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, token};

use super::handlers::retry;
use super::is_state;
use super::values::{duration, name};
use crate::diagnostics::Diagnostics;
use crate::parse::{Policy, RetryItem, Workflow};

/// Whether a named retry policy begins here, as far as it is written, and not a state.
pub(super) fn is_policy(input: ParseStream<'_>) -> bool {
    let is_named = input.peek(Ident::peek_any) && input.peek2(Ident::peek_any);
    let fork = input.fork();
    let is_retry = fork.call(Ident::parse_any).is_ok_and(|keyword| keyword == "retry");
    // After a half typed `retry` a state may follow, whose kind stands after its colon.
    let is_state = || {
        let colon = fork.call(Ident::parse_any).and_then(|_| fork.parse::<Token![:]>());
        colon.is_ok() && !fork.peek(token::Brace) && !fork.peek(token::Bracket)
    };
    is_named && (input.peek3(Token![=]) || is_retry && !is_state())
}

/// What may be said of a workflow as a whole.
pub(super) const SETTINGS: [&str; 3] = ["timeout", "start_at", "export"];

/// The name of a setting, where one stands and not a state of that name.
pub(super) fn setting(input: ParseStream<'_>) -> Option<Ident> {
    let fork = input.fork();
    let name = fork.call(Ident::parse_any).ok()?;
    fork.parse::<Token![:]>().ok()?;
    let is_state = fork.call(Ident::parse_any).is_ok() && fork.peek(token::Brace);
    let is_setting = SETTINGS.iter().any(|setting| name == setting);
    (is_setting && !is_state).then_some(name)
}

pub(super) fn settings(
    input: ParseStream<'_>,
    setting: &Ident,
    workflow: &mut Workflow,
) -> syn::Result<()> {
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
pub(super) fn policy(
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
