//! Fields with names or without, of a tuple struct, a newtype or a variant: which of them JSON has, and what the others are.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Index;
use syn::ext::IdentExt;

use super::attributes::{self, Container};
use super::object::{absent, lost};
use super::parts::{Absent, Member};

/// A field as it is declared.
pub(super) struct Declared<'a> {
    pub(super) field: &'a syn::Field,
    /// Its name without `r#`, or its number.
    pub(super) text: String,
    name: TokenStream,
    pub(super) absent: Absent,
    /// Whether JSON does not have it.
    pub(super) skipped: bool,
}

impl<'a> Declared<'a> {
    pub(super) fn read(
        fields: impl IntoIterator<Item = &'a syn::Field>,
        container: &Container,
        errors: &mut Vec<syn::Error>,
    ) -> Vec<Self> {
        let fields = fields.into_iter().enumerate();
        fields.map(|(position, field)| Self::read_one(position, field, container, errors)).collect()
    }

    fn read_one(
        position: usize,
        field: &'a syn::Field,
        container: &Container,
        errors: &mut Vec<syn::Error>,
    ) -> Self {
        let attributes = attributes::Field::read(&field.attrs, errors);
        let absent = absent(field, &attributes, container);
        let (name, text) = match &field.ident {
            Some(ident) => (ident.to_token_stream(), ident.unraw().to_string()),
            None => (Index::from(position).to_token_stream(), position.to_string()),
        };
        errors.extend(lost(&text, &attributes, &absent));
        let skipped = attributes.skip_serializing.is_some() || attributes.skip_deserializing;
        Self { field, text, name, absent, skipped }
    }

    pub(super) fn member(&self) -> Member<'_> {
        Member {
            name: self.name.clone(),
            ty: &self.field.ty,
            absent: &self.absent,
            skipped: self.skipped,
        }
    }
}

/// The fields that JSON has.
pub(super) fn shown<'d, 'a>(declared: &'d [Declared<'a>]) -> Vec<&'d Declared<'a>> {
    declared.iter().filter(|field| !field.skipped).collect()
}
