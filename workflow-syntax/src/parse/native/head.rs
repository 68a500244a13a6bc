//! The head of a workflow: its name, what it is handed, its input and its output.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Token, Type, TypeParamBound, parenthesized, parse_quote, token};

use super::instead;
use crate::parse::{Notation, Workflow};

/// `pub OrderFlow(&Shop, Order) -> Handled;`
pub(super) fn head(input: ParseStream<'_>) -> syn::Result<Workflow> {
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
