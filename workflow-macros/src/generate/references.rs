//! Names for an editor: every state is a constant at its declaration, and every transition names that constant at its
//! target, so that going to the definition of a target reaches the state.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::model::Machine;

/// The type whose constants are the states of a machine.
fn states(machine: usize) -> Ident {
    format_ident!("_States{machine}")
}

/// The constant of a state: the name of the state where that is an identifier.
fn constant(machine: &Machine<'_>, state: usize, span: Span) -> Ident {
    let name = &machine.states[state].name.text;
    let is_first = !machine.states[..state].iter().any(|other| other.name.text == *name);
    match syn::parse_str::<Ident>(name) {
        Ok(mut name) if is_first => {
            name.set_span(span);
            name
        }
        _ => format_ident!("_state{state}", span = span),
    }
}

/// The constants of a machine's states, each at the declaration of its state.
pub(crate) fn declarations(id: usize, machine: &Machine<'_>) -> TokenStream {
    let states = states(id);
    let constants = machine.states.iter().enumerate().map(|(position, state)| {
        let name = constant(machine, position, state.name.span);
        let position = u16::try_from(position).unwrap_or(u16::MAX);
        quote!(const #name: _wf::definition::StateId = _wf::definition::StateId(#position);)
    });
    quote! {
        struct #states;
        impl #states { #(#constants)* }
    }
}

/// A state named at the target of a transition.
pub(crate) fn reference(
    id: usize,
    machine: &Machine<'_>,
    state: usize,
    target: Span,
) -> TokenStream {
    let (states, name) = (states(id), constant(machine, state, target));
    quote!(#states::#name)
}
