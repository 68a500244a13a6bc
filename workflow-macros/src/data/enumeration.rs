//! Enums: the names of their variants, which of them a value is, and what a literal of one builds.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{DataEnum, Fields};

use super::Subject;
use super::attributes::{self, Container};
use super::fields::{Declared, shown};
use super::parts::{Absent, Member, Parts};

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
    let declared = Declared::read(&variant.fields, &Container::default(), errors);
    if declared.is_empty() {
        return (Vec::new(), TokenStream::new());
    }
    let described = shown(&declared).into_iter().enumerate().map(|(number, one)| {
        // Those that JSON does not have are not counted.
        let name = if one.field.ident.is_some() { one.text.clone() } else { number.to_string() };
        let required = matches!(one.absent, Absent::Required);
        quote!(_field(#name, #name, #required))
    });
    // Of a field that is never written, and has to be read, the error is said.
    let is_lost = |one: &Declared| one.skipped && matches!(one.absent, Absent::Required);
    let construct = (!declared.iter().any(is_lost)).then(|| {
        let members: Vec<Member> = declared.iter().map(Declared::member).collect();
        let ident = &variant.ident;
        Parts::of(&members).construct(subject, position, &quote!(Self::#ident))
    });
    (described.collect(), construct.unwrap_or_default())
}
