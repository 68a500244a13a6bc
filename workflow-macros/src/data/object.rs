//! Structs with named fields, and unit structs: what becomes an object of JSON, or `null`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, Token, Type};

use super::attributes::{self, Container, Preset};
use super::{Subject, description, last_segment};

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
    /// `Default::default()`, said at the token where serde says it, so that a type without it is one error less.
    Default(Span),
    /// What the user's function returns.
    Function(TokenStream),
    /// The field of the container's default.
    Container,
}

impl<'a> Field<'a> {
    /// A required field, or an optional one where it is an `Option`, whose name in JSON is its name in Rust.
    pub(crate) fn plain(ident: &'a Ident, ty: &'a Type) -> Self {
        let absent = if is_option(ty) { Absent::Default(ident.span()) } else { Absent::Required };
        Self {
            ident,
            ty,
            name: ident.unraw().to_string(),
            absent,
            flattened: false,
            skipped: false,
        }
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
        let absent = absent(field, &attributes, container);
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

fn absent(field: &syn::Field, attributes: &attributes::Field, container: &Container) -> Absent {
    match (&attributes.default, &container.default) {
        (Some(Preset::Default), _) => Absent::Default(field.span()),
        (Some(Preset::Function(function)), _) => Absent::Function(function.clone()),
        (None, Some(_)) => Absent::Container,
        (None, None)
            if attributes.skip_deserializing || is_option(&field.ty) && !attributes.with =>
        {
            Absent::Default(field.span())
        }
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

/// Implements `Data`, and all that goes into the fields.
pub(super) fn implement(subject: &Subject, fields: &[Field]) -> TokenStream {
    let data = subject.implement_data(&subject.parameters(), &shape(fields));
    let access = implement_access(subject, fields);
    quote!(#data #access)
}

/// Writes the `Shape` of the object.
pub(crate) fn shape(fields: &[Field]) -> TokenStream {
    let shown = fields.iter().filter(|field| !field.skipped).enumerate();
    let described = shown.map(|(position, field)| describe(position, field));
    quote!(::workflow_core::Shape::Object(&[#(#described),*]))
}

/// Implements `Object`, and for each field `Nth`, so that paths go into it, and `Slot`, so that templates fill it.
pub(crate) fn implement_access(subject: &Subject, fields: &[Field]) -> TokenStream {
    let shown: Vec<&Field> = fields.iter().filter(|field| !field.skipped).collect();
    let object = object(subject, fields, &shown);
    let parts = shown.iter().enumerate().map(|(position, field)| part(subject, position, field));
    quote!(#object #(#parts)*)
}

fn describe(position: usize, field: &Field) -> TokenStream {
    let name = &field.name;
    let rust_name = field.ident.unraw().to_string();
    let required = matches!(field.absent, Absent::Required);
    let flattened = if field.flattened {
        let ty = description(position);
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
    let ty = field.ty;
    let index = syn::Index::from(position);
    let slot = subject.implement(
        &quote!(::workflow_core::private::Slot<#position>),
        &quote! {
            type Value = #ty;
            #[inline]
            fn fill(slots: &mut Self::Slots, _: &'static str, value: #ty) {
                slots.#index = ::core::option::Option::Some(value);
            }
        },
    );
    quote!(#nth #slot)
}

/// The implementation of `Object`: the slots are a tuple with one `Option` for each field that JSON shows.
fn object(subject: &Subject, fields: &[Field], shown: &[&Field]) -> TokenStream {
    let types = shown.iter().map(|field| field.ty);
    let none = shown.iter().map(|_| quote!(::core::option::Option::None));
    let empty = (!shown.is_empty()).then(|| quote!((#(#none,)*)));
    let from_container = fields.iter().any(|field| matches!(field.absent, Absent::Container));
    let container = from_container
        .then(|| quote!(let container = <Self as ::core::default::Default>::default();));
    let mut position = 0;
    let values = fields.iter().map(|field| {
        let slot = (!field.skipped).then_some(position);
        position += usize::from(!field.skipped);
        value(field, slot)
    });
    let slots = if shown.is_empty() { quote!(_) } else { quote!(slots) };
    let build = quote! {
        #[inline]
        fn build(#slots: Self::Slots) -> Self {
            #container
            Self { #(#values),* }
        }
    };
    subject.implement(
        &quote!(::workflow_core::private::Object),
        &quote! {
            type Slots = (#(::core::option::Option<#types>,)*);
            #[inline]
            fn slots() -> Self::Slots {
                #empty
            }
            #build
        },
    )
}

/// The value of a field, out of its slot or in place of it.
fn value(field: &Field, slot: Option<usize>) -> TokenStream {
    let ident = field.ident;
    let preset = match &field.absent {
        Absent::Required => {
            let reason = "every required field is filled: it is checked while compiling";
            let Some(slot) = slot.map(syn::Index::from) else {
                return quote!(#ident: ::core::unreachable!());
            };
            return quote!(#ident: slots.#slot.expect(#reason));
        }
        Absent::Default(span) => quote_spanned!(*span=> ::core::default::Default::default()),
        Absent::Function(function) => quote!(#function()),
        Absent::Container => quote!(container.#ident),
    };
    let Some(slot) = slot.map(syn::Index::from) else { return quote!(#ident: #preset) };
    quote! {
        #ident: match slots.#slot {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => #preset,
        }
    }
}

/// Implements `Data` and `Object` for a struct without fields.
pub(super) fn unit(subject: &Subject) -> TokenStream {
    let data = subject.implement_data(&[], &quote!(::workflow_core::Shape::Null));
    let object = object(subject, &[], &[]);
    quote!(#data #object)
}
