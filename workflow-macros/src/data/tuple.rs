//! Tuple structs, and newtypes, which look as what is in them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Field, Token};

use super::attributes::Container;
use super::fields::{Declared, shown};
use super::parts::{Member, Parts};
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
        return transparent(subject, container, fields, errors);
    }
    let declared = Declared::read(fields, container, errors);
    match shown(&declared).as_slice() {
        [field] if declared.len() == 1 => newtype(subject, &declared, field),
        shown => tuple(subject, &declared, shown),
    }
}

/// Implements `Data` for a struct that is written as its only field that is not skipped.
pub(super) fn transparent(
    subject: &Subject,
    container: &Container,
    fields: &Fields,
    errors: &mut Vec<syn::Error>,
) -> TokenStream {
    let declared = Declared::read(fields, container, errors);
    match shown(&declared).as_slice() {
        [field] => newtype(subject, &declared, field),
        // Serde's derive refuses it.
        _ => TokenStream::new(),
    }
}

fn tuple(subject: &Subject, declared: &[Declared], shown: &[&Declared]) -> TokenStream {
    let types: Vec<_> = shown.iter().map(|one| described(&one.field.ty)).collect();
    let members: Vec<Member> = declared.iter().map(Declared::member).collect();
    let parts = Parts::of(&members);
    let description = subject.describe(&types, &quote!(_Shape::Tuple));
    let data = subject.implement_data(&description, &parts.marker(subject));
    let access = parts.implement(subject);
    parts.declared(quote!(#data #access))
}

/// A type of its own that looks as another one, which its only field has that is not skipped. Paths go through it.
fn newtype(subject: &Subject, declared: &[Declared], shown: &Declared) -> TokenStream {
    let members: Vec<Member> = declared.iter().map(Declared::member).collect();
    let build = Parts::of(&members).build(&quote!(Self));
    let Member { name: member, ty, .. } = shown.member();
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
