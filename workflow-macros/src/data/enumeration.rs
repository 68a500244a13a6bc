//! Enums: the names of their variants, and which of them a value is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{DataEnum, Fields};

use super::Subject;
use super::attributes::{self, Container};

/// Implements `Data`, and `Enumeration` for the Choice states that ask for a variant.
pub(super) fn implement(
    subject: &Subject,
    container: &Container,
    data: &DataEnum,
    errors: &mut Vec<syn::Error>,
) -> TokenStream {
    let mut described = Vec::new();
    let mut arms = Vec::new();
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
        described.push(quote!(_Variant { name: #name, rust_name: #rust_name, unit: #unit }));
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
    quote!(#data #enumeration)
}
