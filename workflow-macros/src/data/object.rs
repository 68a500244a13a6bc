//! Structs with named fields, and unit structs: what becomes an object of JSON, or `null`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Ident, Token, Type};

use super::attributes::{self, Container, Preset};
use super::{Subject, last_segment};

/// A field of a struct.
pub(crate) struct Field<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    /// The name in JSON.
    name: String,
    /// Where the value comes from when a template does not give it.
    absent: Absent,
    flattened: bool,
    skipped: bool,
}

/// The value of a field that is not given.
enum Absent {
    /// It has to be given.
    Required,
    /// `Default::default()`.
    Default,
    /// What the user's function returns.
    Function(TokenStream),
    /// The field of the container's default.
    Container,
}

impl<'a> Field<'a> {
    /// A required field, or an optional one where it is an `Option`, whose name in JSON is its name in Rust.
    pub(crate) fn plain(ident: &'a Ident, ty: &'a Type) -> Self {
        let absent = if is_option(ty) { Absent::Default } else { Absent::Required };
        Self { ident, ty, name: ident.unraw().to_string(), absent, flattened: false, skipped: false }
    }

    pub(super) fn read(
        fields: &'a Punctuated<syn::Field, Token![,]>,
        container: &Container,
        errors: &mut Vec<syn::Error>,
    ) -> Vec<Self> {
        let fields = fields.iter().filter_map(|field| Some((field.ident.as_ref()?, field)));
        fields.map(|(ident, field)| Self::read_one(ident, field, container, errors)).collect()
    }

    fn read_one(
        ident: &'a Ident,
        field: &'a syn::Field,
        container: &Container,
        errors: &mut Vec<syn::Error>,
    ) -> Self {
        let attributes = attributes::Field::read(&field.attrs, errors);
        let rust_name = ident.unraw().to_string();
        let renamed = container.rename_all.map(|case| case.field(&rust_name));
        let absent = absent(&field.ty, &attributes, container);
        if let (Some(skip), Absent::Required) = (&attributes.skip_serializing, &absent) {
            errors.push(lost(ident, skip));
        }
        Self {
            ident,
            ty: &field.ty,
            name: attributes.rename.or(renamed).unwrap_or(rust_name),
            absent,
            flattened: attributes.flatten,
            skipped: attributes.skip_serializing.is_some() || attributes.skip_deserializing,
        }
    }
}

fn absent(ty: &Type, field: &attributes::Field, container: &Container) -> Absent {
    match (&field.default, &container.default) {
        (Some(Preset::Default), _) => Absent::Default,
        (Some(Preset::Function(function)), _) => Absent::Function(function.clone()),
        (None, Some(_)) => Absent::Container,
        (None, None) if field.skip_deserializing || is_option(ty) && !field.with => Absent::Default,
        (None, None) => Absent::Required,
    }
}

fn is_option(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Option")
}

fn lost(ident: &Ident, skip: &syn::Path) -> syn::Error {
    let text = format!(
        "field `{}` is required and never written: what one state writes, the next could not read\n\
         help: add `default` to its attributes, or write `skip`",
        ident.unraw()
    );
    syn::Error::new_spanned(skip, text)
}

/// Implements `Data`, and for each field `Nth`, so that paths go into it, and `Slot`, so that templates fill it.
pub(crate) fn implement(subject: &Subject, fields: &[Field]) -> TokenStream {
    let shown: Vec<&Field> = fields.iter().filter(|field| !field.skipped).collect();
    let described = shown.iter().map(|field| describe(subject, field));
    let data = subject
        .implement_data(&subject.parameters(), &quote!(::workflow_core::Shape::Object(&[#(#described),*])));
    let object = object(subject, fields, &shown);
    let parts = shown.iter().enumerate().map(|(position, field)| part(subject, position, field));
    quote!(#data #object #(#parts)*)
}

fn describe(subject: &Subject, field: &Field) -> TokenStream {
    let name = &field.name;
    let rust_name = field.ident.unraw().to_string();
    let required = matches!(field.absent, Absent::Required);
    let flattened = if field.flattened {
        let ty = subject.description(field.ty);
        quote!(::core::option::Option::Some(#ty))
    } else {
        quote!(::core::option::Option::None)
    };
    quote! {
        ::workflow_core::Field { name: #name, rust_name: #rust_name, required: #required, flattened: #flattened }
    }
}

/// What concerns one field.
fn part(subject: &Subject, position: usize, field: &Field) -> TokenStream {
    let nth = subject.implement_nth(position, field.ident, field.ty);
    let ty = subject.data(field.ty);
    let index = syn::Index::from(position);
    let slot = subject.implement(
        &quote!(::workflow_core::private::Slot<#position>),
        &quote! {
            type Value = #ty;
            fn fill(slots: &mut Self::Slots, _: &'static str, value: Self::Value) {
                slots.#index = ::core::option::Option::Some(value);
            }
        },
    );
    quote!(#nth #slot)
}

/// The implementation of `Object`: the slots are a tuple with one `Option` for each field that JSON shows.
fn object(subject: &Subject, fields: &[Field], shown: &[&Field]) -> TokenStream {
    let types = shown.iter().map(|field| field.ty);
    let empty = shown.iter().map(|_| quote!(::core::option::Option::None));
    let from_container = fields.iter().any(|field| matches!(field.absent, Absent::Container));
    let container =
        from_container.then(|| quote!(let container = <Self as ::core::default::Default>::default();));
    let mut position = 0;
    let values = fields.iter().map(|field| {
        let slot = (!field.skipped).then_some(position);
        position += usize::from(!field.skipped);
        value(field, slot)
    });
    let slots = if shown.is_empty() { quote!(_) } else { quote!(slots) };
    let build = quote! {
        fn build(#slots: Self::Slots) -> Self {
            #container
            Self { #(#values),* }
        }
    };
    subject.implement(
        &quote!(::workflow_core::private::Object),
        &quote! {
            type Slots = (#(::core::option::Option<#types>,)*);
            fn slots() -> Self::Slots {
                (#(#empty,)*)
            }
            #build
        },
    )
}

/// The value of a field, out of its slot or in place of it.
fn value(field: &Field, slot: Option<usize>) -> TokenStream {
    let Field { ident, absent, .. } = field;
    let Some(slot) = slot.map(syn::Index::from) else {
        return match absent {
            Absent::Required | Absent::Default => quote!(#ident: ::core::default::Default::default()),
            Absent::Function(function) => quote!(#ident: #function()),
            Absent::Container => quote!(#ident: container.#ident),
        };
    };
    match absent {
        Absent::Required => {
            let reason = "every required field is filled: it is checked while compiling";
            quote!(#ident: slots.#slot.expect(#reason))
        }
        Absent::Default => quote!(#ident: slots.#slot.unwrap_or_default()),
        Absent::Function(function) => quote!(#ident: slots.#slot.unwrap_or_else(#function)),
        Absent::Container => quote!(#ident: slots.#slot.unwrap_or(container.#ident)),
    }
}

/// Implements `Data` and `Object` for a struct without fields.
pub(super) fn unit(subject: &Subject) -> TokenStream {
    let data = subject.implement_data(&[], &quote!(::workflow_core::Shape::Null));
    let object = object(subject, &[], &[]);
    quote!(#data #object)
}
