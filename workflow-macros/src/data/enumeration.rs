//! Enums: the names of their variants, and which of them a value is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{DataEnum, Fields};

use super::Subject;
use super::attributes::{self, Container};
use super::object::absent;
use super::parts::{Absent, Member, Parts};
use super::tuple::member_name;

/// Implements `Data`, and `Enumeration` for the Choice states that ask for a variant.
pub(super) fn implement(
    subject: &Subject,
    container: &Container,
    data: &DataEnum,
    errors: &mut Vec<syn::Error>,
) -> TokenStream {
    let mut described = Vec::new();
    let mut arms = Vec::new();
    let mut literals = TokenStream::new();
    for variant in &data.variants {
        let attributes = attributes::Variant::read(&variant.attrs, errors);
        let ident = &variant.ident;
        // A variant that serde skips is none of the type's variants, for it cannot come out of a state.
        let position = if attributes.skip { usize::MAX } else { described.len() };
        arms.push(quote!(Self::#ident { .. } => #position));
        if attributes.skip {
            continue;
        }
        let unit =
            matches!(variant.fields, Fields::Unit) && !container.tagged && !attributes.untagged;
        let rust_name = ident.unraw().to_string();
        let renamed = container.rename_all.map(|case| case.variant(&rust_name));
        let name = attributes.rename.or(renamed).unwrap_or_else(|| rust_name.clone());
        let (fields, literal) = literal(subject, variant, position, errors);
        literals.extend(literal);
        described.push(quote! {
            _Variant { name: #name, rust_name: #rust_name, unit: #unit, fields: &[#(#fields),*] }
        });
    }
    let shape = quote!(_Shape::Enum(&[#(#described),*]));
    let description = subject.describe(&subject.parameters(), &shape);
    let data = subject.implement_data(&description, &quote!(_Whole));
    let value = if arms.is_empty() { quote!(*self) } else { quote!(self) };
    let enumeration = subject.implement(
        &quote!(_Enumeration),
        &quote! {
            #[inline]
            fn variant(&self) -> usize {
                match #value { #(#arms),* }
            }
        },
    );
    quote!(#data #enumeration #literals)
}

/// The descriptions of a variant's fields, and what builds it from them.
fn literal(
    subject: &Subject,
    variant: &syn::Variant,
    position: usize,
    errors: &mut Vec<syn::Error>,
) -> (Vec<TokenStream>, TokenStream) {
    let fields = || variant.fields.iter().enumerate();
    let container = Container::default();
    let read: Vec<(Absent, bool)> = variant
        .fields
        .iter()
        .map(|field| {
            let attributes = attributes::Field::read(&field.attrs, errors);
            let skipped = attributes.skip_serializing.is_some() || attributes.skip_deserializing;
            (absent(field, &attributes, &container), skipped)
        })
        .collect();
    let members: Vec<Member> = fields()
        .zip(&read)
        .map(|((position, field), (absent, skipped))| Member {
            name: member_name(position, field),
            ty: &field.ty,
            absent,
            skipped: *skipped,
        })
        .collect();
    if members.is_empty() {
        return (Vec::new(), TokenStream::new());
    }
    let shown = fields().zip(&members).filter(|(_, member)| !member.skipped);
    let described = shown.enumerate().map(|(number, ((_, field), member))| {
        let name = match &field.ident {
            Some(ident) => ident.unraw().to_string(),
            None => number.to_string(),
        };
        let required = matches!(member.absent, Absent::Required);
        quote!(_field(#name, #name, #required))
    });
    let ident = &variant.ident;
    let construct = Parts::of(&members).construct(subject, position, &quote!(Self::#ident));
    (described.collect(), construct)
}
