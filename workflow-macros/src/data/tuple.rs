//! Tuple structs, and newtypes, which look as what is in them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Field, Index, Token, Type};

use super::attributes::{self, Container};
use super::parts::{Absent, Member, Parts};
use super::{Subject, described};

type Fields = Punctuated<Field, Token![,]>;

/// Implements `Data` for a tuple struct, and what takes it apart. With one field it is a newtype.
pub(super) fn implement(
    subject: &Subject,
    container: &Container,
    fields: &Fields,
    errors: &mut Vec<syn::Error>,
) -> TokenStream {
    if container.transparent {
        return transparent(subject, fields, errors);
    }
    let shown = shown(fields, errors);
    match (fields.len(), shown.first()) {
        (1, Some((position, field))) => newtype(subject, &Index::from(*position), &field.ty),
        _ => tuple(subject, fields, &shown),
    }
}

/// The fields that JSON has, with their positions in Rust.
fn shown<'a>(fields: &'a Fields, errors: &mut Vec<syn::Error>) -> Vec<(usize, &'a Field)> {
    let shown = fields.iter().enumerate().filter(|(_, field)| {
        let attributes = attributes::Field::read(&field.attrs, errors);
        attributes.skip_serializing.is_none() && !attributes.skip_deserializing
    });
    shown.collect()
}

/// Implements `Data` for a struct that is written as its only field that is not skipped.
pub(super) fn transparent(
    subject: &Subject,
    fields: &Fields,
    errors: &mut Vec<syn::Error>,
) -> TokenStream {
    match shown(fields, errors).as_slice() {
        [(position, field)] => match &field.ident {
            Some(ident) => newtype(subject, ident, &field.ty),
            None => newtype(subject, &Index::from(*position), &field.ty),
        },
        // Serde's derive refuses it.
        _ => TokenStream::new(),
    }
}

fn tuple(subject: &Subject, all: &Fields, fields: &[(usize, &Field)]) -> TokenStream {
    let types: Vec<_> = fields.iter().map(|(_, field)| described(&field.ty)).collect();
    let absent: Vec<Absent> = all.iter().map(|field| Absent::Default(field.span())).collect();
    let members: Vec<Member> = all
        .iter()
        .enumerate()
        .map(|(position, field)| {
            let skipped = !fields.iter().any(|(shown, _)| *shown == position);
            let absent = if skipped { &absent[position] } else { &Absent::Required };
            Member { name: Index::from(position).to_token_stream(), ty: &field.ty, absent, skipped }
        })
        .collect();
    let parts = Parts::of(&members);
    let description = subject.describe(&types, &quote!(_Shape::Tuple));
    let data = subject.implement_data(&description, &parts.marker(subject));
    let access = parts.implement(subject);
    parts.declared(quote!(#data #access))
}

/// A type of its own that looks as another one. Paths go through it.
fn newtype(subject: &Subject, member: &impl ToTokens, ty: &Type) -> TokenStream {
    let inner = described(ty);
    let description = subject.describe(&subject.parameters(), &quote!(_Shape::Newtype(#inner)));
    let data = subject.implement_data(&description, &quote!(_Newtype));
    let wrapper = subject.implement(
        &quote!(_Wrapper),
        &quote! {
            type Inner = #ty;
            fn inner(&self) -> &#ty {
                &self.#member
            }
            fn inner_mut(&mut self) -> &mut #ty {
                &mut self.#member
            }
            fn into_inner(self) -> #ty {
                self.#member
            }
        },
    );
    quote!(#data #wrapper)
}
