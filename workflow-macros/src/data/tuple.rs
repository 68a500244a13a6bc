//! Tuple structs, and newtypes, which look as what is in them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Field, Index, Token, Type};

use super::attributes::{self, Container};
use super::{Subject, description};

type Fields = Punctuated<Field, Token![,]>;

/// Implements `Data` and `Nth` for a tuple struct. With one field it is a newtype.
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
        _ => tuple(subject, &shown),
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

fn tuple(subject: &Subject, fields: &[(usize, &Field)]) -> TokenStream {
    let types: Vec<_> = (0..fields.len()).map(description).collect();
    let data = subject.implement_data(&types, &quote!(::workflow_core::Shape::Tuple));
    let parts = fields.iter().enumerate().map(|(position, (index, field))| {
        subject.implement_nth(position, &Index::from(*index), &field.ty)
    });
    quote!(#data #(#parts)*)
}

/// A type of its own that looks as another one. Paths go through it.
fn newtype(subject: &Subject, member: &impl ToTokens, ty: &Type) -> TokenStream {
    let data = subject.implement_data(
        &subject.parameters(),
        &quote!(::workflow_core::Shape::Newtype(<#ty as ::workflow_core::Data>::TYPE)),
    );
    let nth = delegated_nth(subject, member, ty);
    quote!(#data #nth)
}

/// The parts of a newtype are the parts of what is in it. The bound depends on `I`, so it may hold for no `I` at all.
fn delegated_nth(subject: &Subject, member: &impl ToTokens, ty: &Type) -> TokenStream {
    let mut generics = subject.generics.clone();
    generics.params.push(syn::parse_quote!(const I: usize));
    generics
        .make_where_clause()
        .predicates
        .push(syn::parse_quote!(#ty: ::workflow_core::private::Nth<I>));
    let (parameters, _, conditions) = generics.split_for_impl();
    let Subject { ident, arguments, .. } = subject;
    quote! {
        #[automatically_derived]
        impl #parameters ::workflow_core::private::Nth<I> for #ident #arguments #conditions {
            type Value = <#ty as ::workflow_core::private::Nth<I>>::Value;
            fn nth(
                &self,
                place: &'static ::workflow_core::private::Place,
            ) -> ::core::result::Result<&Self::Value, ::workflow_core::private::Failed> {
                ::workflow_core::private::Nth::<I>::nth(&self.#member, place)
            }
            fn nth_mut(
                &mut self,
                place: &'static ::workflow_core::private::Place,
            ) -> ::core::result::Result<&mut Self::Value, ::workflow_core::private::Failed> {
                ::workflow_core::private::Nth::<I>::nth_mut(&mut self.#member, place)
            }
            fn into_nth(
                self,
                place: &'static ::workflow_core::private::Place,
            ) -> ::core::result::Result<Self::Value, ::workflow_core::private::Failed> {
                ::workflow_core::private::Nth::<I>::into_nth(self.#member, place)
            }
        }
    }
}
