//! Tuple structs, and newtypes, which look as what is in them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Field, Index, Token};

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
        (1, Some((_, field))) => newtype(subject, fields, field),
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
        [(_, field)] => newtype(subject, fields, field),
        // Serde's derive refuses it.
        _ => TokenStream::new(),
    }
}

fn tuple(subject: &Subject, all: &Fields, fields: &[(usize, &Field)]) -> TokenStream {
    let types: Vec<_> = fields.iter().map(|(_, field)| described(&field.ty)).collect();
    let absent: Vec<Absent> = all.iter().map(|field| Absent::Default(field.span())).collect();
    let is_shown = |position| fields.iter().any(|(shown, _)| *shown == position);
    let members = members(all, &absent, is_shown);
    let parts = Parts::of(&members);
    let description = subject.describe(&types, &quote!(_Shape::Tuple));
    let data = subject.implement_data(&description, &parts.marker(subject));
    let access = parts.implement(subject);
    parts.declared(quote!(#data #access))
}

/// All fields as members. What JSON does not have is the default of its type.
fn members<'a>(
    all: &'a Fields,
    absent: &'a [Absent],
    is_shown: impl Fn(usize) -> bool,
) -> Vec<Member<'a>> {
    let members = all.iter().zip(absent).enumerate().map(|(position, (field, absent))| {
        let skipped = !is_shown(position);
        let absent = if skipped { absent } else { &Absent::Required };
        Member { name: member_name(position, field), ty: &field.ty, absent, skipped }
    });
    members.collect()
}

/// The name of a field, or its number.
pub(super) fn member_name(position: usize, field: &Field) -> TokenStream {
    match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => Index::from(position).to_token_stream(),
    }
}

/// A type of its own that looks as another one, which its only field has that is not skipped. Paths go through it.
fn newtype(subject: &Subject, all: &Fields, field: &Field) -> TokenStream {
    let absent: Vec<Absent> = all.iter().map(|field| Absent::Default(field.span())).collect();
    let members = members(all, &absent, |position| std::ptr::eq(&raw const all[position], field));
    let build = Parts::of(&members).build(&quote!(Self));
    let shown = members.iter().find(|member| !member.skipped);
    let (member, ty) = (shown.map(|member| &member.name), &field.ty);
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
            fn wrap(inner: #ty) -> Self {
                let slots = (_Some(inner),);
                #build
            }
        },
    );
    quote!(#data #wrapper)
}
