//! `derive(TaskError)`: the error names of an enum's variants, or of a struct.
//!
//! The words of an error, its cause, are what the user's `Display` writes: nothing here reads them.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Fields, Ident, LitStr, Type, Variant};

/// Writes the implementation for a type, and what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input) {
        Ok(input) => expand(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Vec::new();
    let implementation = if input.generics.params.is_empty() {
        implement(input, &mut errors)
    } else {
        let text = "the error type of a task has no parameters: its names are known while compiling\n\
                    help: write an enum for each task";
        errors.push(syn::Error::new_spanned(&input.generics.params, text));
        TokenStream::new()
    };
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #implementation)
}

fn implement(input: &DeriveInput, errors: &mut Vec<syn::Error>) -> TokenStream {
    let attributes = Attributes::read(&input.attrs, errors);
    let raised = match &input.data {
        syn::Data::Enum(data) => {
            attributes.allow(&["prefix"], "an enum", errors);
            let prefix = attributes
                .prefix
                .as_ref()
                .map_or_else(|| input.ident.unraw().to_string(), LitStr::value);
            data.variants
                .iter()
                .map(|variant| Raised::of_variant(variant, &prefix, errors))
                .collect()
        }
        syn::Data::Struct(_) => {
            attributes.allow(&["name"], "a struct", errors);
            let name = attributes.named(errors).unwrap_or_else(|| input.ident.unraw().to_string());
            vec![Raised {
                ident: &input.ident,
                kind: Kind::Name(name),
                named: attributes.name,
                variant: false,
            }]
        }
        syn::Data::Union(data) => {
            let text = "a union is no error type\nhelp: make it an enum";
            errors.push(syn::Error::new_spanned(data.union_token, text));
            return TokenStream::new();
        }
    };
    every_name_is_raised_once(&raised, errors);
    write(&input.ident, &raised)
}

/// One variant, or the struct itself.
struct Raised<'a> {
    ident: &'a Ident,
    kind: Kind<'a>,
    /// Where the user wrote the name.
    named: Option<LitStr>,
    variant: bool,
}

enum Kind<'a> {
    /// It raises this name.
    Name(String),
    /// It raises the names of the error type that it holds.
    Transparent(&'a Type),
}

impl<'a> Raised<'a> {
    fn of_variant(variant: &'a Variant, prefix: &str, errors: &mut Vec<syn::Error>) -> Self {
        let attributes = Attributes::read(&variant.attrs, errors);
        attributes.allow(&["name", "transparent"], "a variant", errors);
        let inner = attributes.transparent.as_ref().and_then(|key| match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
            _ => {
                errors.push(holds_no_error(&variant.ident, key));
                None
            }
        });
        let named = attributes.named(errors);
        if let (Some(_), Some(name)) = (inner, &attributes.name) {
            let text = "a `transparent` variant raises the names of the error that it holds\n\
                        help: remove `name` or `transparent`";
            errors.push(syn::Error::new_spanned(name, text));
        }
        let name = || named.unwrap_or_else(|| format!("{prefix}.{}", variant.ident.unraw()));
        let kind = inner.map_or_else(|| Kind::Name(name()), |inner| Kind::Transparent(&inner.ty));
        Self { ident: &variant.ident, kind, named: attributes.name, variant: true }
    }

    /// The token to change where the name is wrong.
    fn token(&self) -> &dyn ToTokens {
        self.named.as_ref().map_or(self.ident, |name| name as &dyn ToTokens)
    }
}

fn holds_no_error(variant: &Ident, key: &syn::Path) -> syn::Error {
    let text = format!(
        "variant `{variant}` is `transparent` and does not hold one error\n\
         help: give it one field without a name: `{variant}(OtherError)`"
    );
    syn::Error::new_spanned(key, text)
}

/// Two variants with one name could not be told apart by a retrier or catcher.
fn every_name_is_raised_once(raised: &[Raised], errors: &mut Vec<syn::Error>) {
    let mut owners = HashMap::new();
    for one in raised {
        let Kind::Name(name) = &one.kind else { continue };
        if let Some(first) = owners.insert(name, one.ident) {
            let text = format!(
                "error name `{name}` is raised by `{first}` already\nhelp: give `{}` a name of its own",
                one.ident
            );
            errors.push(syn::Error::new_spanned(one.token(), text));
        }
    }
}

/// The keys of `#[task_error(...)]`.
#[derive(Default)]
struct Attributes {
    name: Option<LitStr>,
    prefix: Option<LitStr>,
    transparent: Option<syn::Path>,
    keys: Vec<syn::Path>,
}

impl Attributes {
    fn read(attributes: &[Attribute], errors: &mut Vec<syn::Error>) -> Self {
        let mut read = Self::default();
        for attribute in
            attributes.iter().filter(|attribute| attribute.path().is_ident("task_error"))
        {
            let result = attribute.parse_nested_meta(|meta| {
                let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                match key.as_str() {
                    "name" => read.name = Some(meta.value()?.parse()?),
                    "prefix" => read.prefix = Some(meta.value()?.parse()?),
                    "transparent" => read.transparent = Some(meta.path.clone()),
                    _ => {
                        let text = format!("unknown key `{key}`\nhelp: the keys are `name`, `prefix` and `transparent`");
                        return Err(syn::Error::new_spanned(&meta.path, text));
                    }
                }
                read.keys.push(meta.path);
                Ok(())
            });
            errors.extend(result.err());
        }
        if let Some(prefix) = &read.prefix {
            errors.extend(wrong_name(prefix));
        }
        read
    }

    /// The name that the user gave, checked.
    fn named(&self, errors: &mut Vec<syn::Error>) -> Option<String> {
        let name = self.name.as_ref()?;
        errors.extend(wrong_name(name));
        Some(name.value())
    }

    /// Refuses the keys that do not stand here.
    fn allow(&self, allowed: &[&str], place: &str, errors: &mut Vec<syn::Error>) {
        let wrong =
            self.keys.iter().filter(|key| !allowed.iter().any(|allowed| key.is_ident(allowed)));
        for key in wrong {
            let written = key.to_token_stream();
            let text = format!(
                "`{written}` does not stand on {place}\nhelp: {place} takes `{}`",
                allowed.join("` or `")
            );
            errors.push(syn::Error::new_spanned(key, text));
        }
    }
}

/// What is wrong with an error name or a prefix.
fn wrong_name(name: &LitStr) -> Option<syn::Error> {
    let text = match name.value().as_str() {
        "" => {
            "an error name is not empty\nhelp: name the error, or remove the attribute".to_owned()
        }
        value if value == "States" || value.starts_with("States.") => {
            format!(
                "`{value}` is reserved: names that begin with `States.` are the standard's own\nhelp: choose another name"
            )
        }
        _ => return None,
    };
    Some(syn::Error::new_spanned(name, text))
}

fn write(ident: &Ident, raised: &[Raised]) -> TokenStream {
    let type_name = ident.unraw().to_string();
    let variants = raised.iter().filter_map(described);
    let others = raised.iter().filter_map(|one| match one.kind {
        Kind::Transparent(ty) => Some(ty),
        Kind::Name(_) => None,
    });
    let name = name(raised);
    let into_error_output = into_error_output(raised);
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        // Without `Display` it is no error type, which is said where it is one. Without a lifetime, a condition that is not met
        // is an error of its own.
        impl ::workflow_core::TaskError for #ident where for<'any> #ident: ::core::fmt::Display {
            const NAMES: &'static ::workflow_core::ErrorNames = &::workflow_core::ErrorNames {
                name: #type_name,
                variants: &[#(#variants),*],
                others: &[#(<#others as ::workflow_core::TaskError>::NAMES),*],
                open: false,
            };
            #name
            #into_error_output
        }
    }
}

fn described(one: &Raised) -> Option<TokenStream> {
    let Kind::Name(error_name) = &one.kind else { return None };
    let rust_name = one.ident.unraw().to_string();
    Some(quote!(::workflow_core::ErrorVariant { rust_name: #rust_name, error_name: #error_name }))
}

fn name(raised: &[Raised]) -> TokenStream {
    let arms = raised.iter().map(|Raised { ident, kind, variant, .. }| match kind {
        Kind::Transparent(ty) => {
            let name = quote_spanned!(ty.span()=> ::workflow_core::TaskError::name(error));
            quote!(Self::#ident(error) => #name)
        }
        Kind::Name(name) if *variant => quote!(Self::#ident { .. } => #name),
        Kind::Name(name) => quote!(Self { .. } => #name),
    });
    let value = if raised.is_empty() { quote!(*self) } else { quote!(self) };
    quote! {
        fn name(&self) -> &str {
            match #value { #(#arms),* }
        }
    }
}

/// Only where errors are held: what they have to say is theirs.
fn into_error_output(raised: &[Raised]) -> Option<TokenStream> {
    let held = raised.iter().filter_map(|Raised { ident, kind, .. }| match kind {
        Kind::Transparent(ty) => Some((ident, ty)),
        Kind::Name(_) => None,
    });
    let arms: Vec<_> = held
        .map(|(ident, ty)| {
            let output =
                quote_spanned!(ty.span()=> ::workflow_core::TaskError::into_error_output(error));
            quote!(Self::#ident(error) => #output,)
        })
        .collect();
    let own = arms.len() < raised.len();
    let own = own.then(|| {
        quote! {
            error => ::workflow_core::ErrorOutput::new(
                ::workflow_core::TaskError::name(&error),
                ::std::string::ToString::to_string(&error),
            ),
        }
    });
    (!arms.is_empty()).then(|| {
        quote! {
            fn into_error_output(self) -> ::workflow_core::Failed {
                match self { #(#arms)* #own }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(source: &str) -> Vec<String> {
        let input: DeriveInput = syn::parse_str(source).expect("the source is a type");
        let mut errors = Vec::new();
        implement(&input, &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    fn first_lines(source: &str) -> Vec<String> {
        errors(source).iter().filter_map(|text| Some(text.lines().next()?.to_owned())).collect()
    }

    #[test]
    fn a_variant_is_named_after_its_enum() {
        let variant: Variant = syn::parse_str("Declined").expect("it is a variant");
        let raised = Raised::of_variant(&variant, "PaymentError", &mut Vec::new());
        assert!(matches!(raised.kind, Kind::Name(name) if name == "PaymentError.Declined"));
    }

    #[test]
    fn names_are_not_reserved_empty_or_raised_twice() {
        assert_eq!(
            first_lines(
                r#"enum E { #[task_error(name = "States.Timeout")] A, #[task_error(name = "")] B, #[task_error(name = "E.D")] C, D }"#
            ),
            [
                "`States.Timeout` is reserved: names that begin with `States.` are the standard's own",
                "an error name is not empty",
                "error name `E.D` is raised by `C` already"
            ]
        );
    }

    #[test]
    fn a_transparent_variant_holds_one_error() {
        assert_eq!(
            first_lines(
                "enum E { #[task_error(transparent)] A, #[task_error(transparent)] B(X, Y) }"
            ),
            [
                "variant `A` is `transparent` and does not hold one error",
                "variant `B` is `transparent` and does not hold one error"
            ]
        );
    }

    #[test]
    fn a_key_stands_where_it_has_a_meaning() {
        assert_eq!(
            first_lines(
                r#"#[task_error(transparent)] enum E { #[task_error(prefix = "P")] A, #[task_error(nam = "B")] B }"#
            ),
            [
                "`transparent` does not stand on an enum",
                "`prefix` does not stand on a variant",
                "unknown key `nam`"
            ]
        );
    }
}
