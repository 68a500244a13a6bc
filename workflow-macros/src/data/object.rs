//! Structs with named fields, and unit structs: what becomes an object of JSON, or `null`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, Token, Type};

use super::attributes::{self, Container, Preset};
use super::parts::{Absent, Member, Parts};
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
    /// Whether JSON leaves it out where it is absent.
    omitted: bool,
    skipped: bool,
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
            omitted: false,
            skipped: false,
        }
    }

    /// The field as a part of its struct.
    fn member(&self) -> Member<'_> {
        Member {
            name: self.ident.to_token_stream(),
            ty: self.ty,
            absent: &self.absent,
            skipped: self.skipped,
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
        errors.extend(lost(&rust_name, &attributes, &absent));
        Self {
            ident,
            ty: &field.ty,
            name: attributes.rename.or(renamed).unwrap_or(rust_name),
            absent,
            flattened: attributes.flatten,
            omitted: attributes.skip_serializing_if,
            skipped: attributes.skip_serializing.is_some() || attributes.skip_deserializing,
        }
    }
}

pub(super) fn absent(
    field: &syn::Field,
    attributes: &attributes::Field,
    container: &Container,
) -> Absent {
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

/// The error of a field that JSON never has and a reader asks for.
pub(super) fn lost(
    name: &str,
    attributes: &attributes::Field,
    absent: &Absent,
) -> Option<syn::Error> {
    let skip = attributes.skip_serializing.as_ref()?;
    let text = format!(
        "field `{name}` is required and never written: what one state writes, the next could not read\n\
         help: add `default` to its attributes, or write `skip`"
    );
    matches!(absent, Absent::Required).then(|| syn::Error::new_spanned(skip, text))
}

/// Implements `Data`, and all that goes into the fields.
pub(super) fn implement(subject: &Subject, fields: &[Field]) -> TokenStream {
    let shown = fields.iter().filter(|field| !field.skipped);
    let described = shown.map(|field| describe(field, field.ty)).collect();
    with_parts(subject, described, subject, fields)
}

/// The same for a struct whose fields have the type parameters for their types: it is taken apart as it is with types for
/// its parameters.
pub(crate) fn implement_generic(
    subject: &Subject,
    parameters: &[Ident],
    with_types: &Subject,
    fields: &[Field],
) -> TokenStream {
    let described = fields.iter().zip(parameters).map(|(field, ty)| describe(field, ty)).collect();
    with_parts(subject, described, with_types, fields)
}

fn with_parts(
    subject: &Subject,
    described: Vec<TokenStream>,
    taken_apart: &Subject,
    fields: &[Field],
) -> TokenStream {
    let members: Vec<Member> = fields.iter().map(Field::member).collect();
    let parts = Parts::of(&members);
    let data = subject.implement_data(&subject.describe_object(&described), &parts.marker(subject));
    let access = parts.implement(taken_apart);
    parts.declared(quote!(#data #access))
}

/// Writes the description of a field, with its type.
fn describe(field: &Field, ty: &impl ToTokens) -> TokenStream {
    let name = &field.name;
    let rust_name = field.ident.unraw().to_string();
    let required = matches!(field.absent, Absent::Required);
    let function = match (field.flattened, field.omitted) {
        (true, _) => quote!(_flattened_field::<#ty>),
        (false, true) => quote!(_omitted_field),
        (false, false) => quote!(_field),
    };
    quote!(#function(#name, #rust_name, #required))
}

/// Implements `Data` for a struct without fields.
pub(super) fn unit(subject: &Subject) -> TokenStream {
    let description = subject.describe(&[], &quote!(_Shape::Null));
    subject.implement_data(&description, &quote!(_Whole))
}
