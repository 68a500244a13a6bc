//! Names for an editor: every state is a variant at its declaration, and every transition names that variant at its
//! target, so that going to the definition of a target reaches the state.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_syntax::model::Machine;
use workflow_syntax::span::Span;

/// The type whose variants are the states of a machine.
fn states(machine: usize) -> Ident {
    format_ident!("_States{machine}")
}

/// The variant of a state: the name of the state where that is an identifier.
fn variant(machine: &Machine<'_>, state: usize, span: Span) -> Ident {
    let name = &machine.states[state].name.text;
    let is_first = !machine.states[..state].iter().any(|other| other.name.text == *name);
    match syn::parse_str::<Ident>(name) {
        Ok(mut name) if is_first => {
            name.set_span(span.tokens());
            name
        }
        _ => format_ident!("_state{state}", span = span.tokens()),
    }
}

/// The variants for a machine's states, each at the declaration of its state.
pub(crate) fn declarations(id: usize, machine: &Machine<'_>) -> TokenStream {
    let states = states(id);
    let variants = machine
        .states
        .iter()
        .enumerate()
        .map(|(position, state)| variant(machine, position, state.name.span));
    quote!(enum #states { #(#variants),* })
}

/// The position of a state, named at the target of a transition.
pub(crate) fn position(
    id: usize,
    machine: &Machine<'_>,
    state: usize,
    target: Span,
) -> TokenStream {
    let (states, name) = (states(id), variant(machine, state, target));
    quote!(#states::#name as u16)
}
