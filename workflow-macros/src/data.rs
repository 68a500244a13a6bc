//! `derive(Data)`: reads a type's declaration and serde attributes, and hands it to the module of its kind.
//!
//! What a struct becomes is in [`object`] and [`tuple`], what an enum becomes in [`enumeration`]. Nothing here knows of
//! `workflow!`; `#[task]` makes its arguments an object through [`object::implement`].

mod attributes;
pub(crate) mod case;
mod enumeration;
pub(crate) mod object;
mod tuple;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields, GenericParam, Generics, Ident, Type};

/// Writes the implementations for a type, and what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input) {
        Ok(input) => expand(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = owned(&input.generics);
    let implementation = if errors.is_empty() { implement(input, &mut errors) } else { TokenStream::new() };
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #implementation)
}

/// An error for each parameter that is no type. There is no implementation that would keep others from failing.
fn owned(generics: &Generics) -> Vec<syn::Error> {
    let error = |parameter: &dyn ToTokens, has: &str, help: &str| {
        let written = parameter.to_token_stream();
        let text = format!("`{written}`: data of a workflow have no {has} parameters\nhelp: {help}");
        syn::Error::new_spanned(parameter, text)
    };
    let errors = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Lifetime(lifetime) => {
            Some(error(&lifetime.lifetime, "lifetime", "hold owned data: a `String`, a `Vec`, a type of your own"))
        }
        GenericParam::Const(constant) => Some(error(&constant.ident, "const", "use a type for each value, or a `Vec`")),
        GenericParam::Type(_) => None,
    });
    errors.collect()
}

fn implement(input: &DeriveInput, errors: &mut Vec<syn::Error>) -> TokenStream {
    let container = attributes::Container::read(&input.attrs, errors);
    let subject = Subject::new(&input.ident, &input.generics);
    match &input.data {
        syn::Data::Enum(data) => enumeration::implement(&subject, &container, data, errors),
        syn::Data::Union(data) => {
            let text = "a union has no form in JSON\nhelp: make it an enum";
            errors.push(syn::Error::new_spanned(data.union_token, text));
            TokenStream::new()
        }
        syn::Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if container.transparent => {
                tuple::transparent(&subject, &fields.named, errors)
            }
            Fields::Named(fields) => {
                let fields = object::Field::read(&fields.named, &container, errors);
                object::implement(&subject, &fields)
            }
            Fields::Unnamed(fields) => tuple::implement(&subject, &container, &fields.unnamed, errors),
            Fields::Unit => object::unit(&subject),
        },
    }
}

/// The type that the traits are implemented for.
pub(crate) struct Subject<'a> {
    ident: &'a Ident,
    /// With `Data` required of every type parameter.
    generics: Generics,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(ident: &'a Ident, generics: &Generics) -> Self {
        let mut generics = generics.clone();
        for parameter in generics.type_params_mut() {
            parameter.bounds.push(syn::parse_quote!(::workflow_core::Data));
        }
        Self { ident, generics }
    }

    /// Whether a type begins with one of the type parameters, and so is or is projected from it.
    fn is_parameter(&self, ty: &Type) -> bool {
        let Type::Path(path) = ungrouped(ty) else { return false };
        let ty = path.qself.as_ref().map(|qself| &*qself.ty);
        if let Some(ty) = ty {
            return self.is_parameter(ty);
        }
        let first = path.path.segments.first();
        first.is_some_and(|first| self.generics.type_params().any(|parameter| parameter.ident == first.ident))
    }

    /// The type of a field, named so that a type without `Data` is one error, at the type.
    fn data(&self, ty: &Type) -> TokenStream {
        if self.is_parameter(ty) { ty.to_token_stream() } else { through_data(ty) }
    }

    /// The description of the type of a field.
    fn description(&self, ty: &Type) -> TokenStream {
        let ty = self.data(ty);
        quote!(<#ty as ::workflow_core::Data>::TYPE)
    }

    /// An implementation of one of core's traits.
    fn implement(&self, of: &TokenStream, items: &TokenStream) -> TokenStream {
        let (parameters, arguments, conditions) = self.generics.split_for_impl();
        let ident = self.ident;
        quote! {
            #[automatically_derived]
            impl #parameters #of for #ident #arguments #conditions { #items }
        }
    }

    /// The implementation of `Data`.
    fn implement_data(&self, parameters: &[TokenStream], shape: &TokenStream) -> TokenStream {
        let name = self.ident.unraw().to_string();
        let implementation = self.implement(
            &quote!(::workflow_core::Data),
            &quote! {
                type This = Self;
                const TYPE: &'static ::workflow_core::Type = &::workflow_core::Type {
                    name: #name,
                    module: ::core::module_path!(),
                    parameters: &[#(#parameters),*],
                    shape: #shape,
                };
            },
        );
        quote!(#[diagnostic::do_not_recommend] #implementation)
    }

    /// The descriptions of the type parameters.
    fn parameters(&self) -> Vec<TokenStream> {
        let parameters = self.generics.type_params().map(|parameter| &parameter.ident);
        parameters.map(|parameter| quote!(<#parameter as ::workflow_core::Data>::TYPE)).collect()
    }

    /// The implementation of `Nth` for a field.
    fn implement_nth(&self, position: usize, member: &impl ToTokens, ty: &Type) -> TokenStream {
        let ty = self.data(ty);
        self.implement(
            &quote!(::workflow_core::private::Nth<#position>),
            &quote! {
                type Value = #ty;
                fn nth(
                    &self,
                    _: &'static ::workflow_core::private::Place,
                ) -> ::core::result::Result<&Self::Value, ::workflow_core::private::Failed> {
                    ::core::result::Result::Ok(&self.#member)
                }
                fn nth_mut(
                    &mut self,
                    _: &'static ::workflow_core::private::Place,
                ) -> ::core::result::Result<&mut Self::Value, ::workflow_core::private::Failed> {
                    ::core::result::Result::Ok(&mut self.#member)
                }
                fn into_nth(
                    self,
                    _: &'static ::workflow_core::private::Place,
                ) -> ::core::result::Result<Self::Value, ::workflow_core::private::Failed> {
                    ::core::result::Result::Ok(self.#member)
                }
            },
        )
    }
}

/// A type, named through its implementation of `Data`: where there is none, that is one error, and the type is silent.
pub(crate) fn through_data(ty: &Type) -> TokenStream {
    through(ty, &quote!(Data), "This")
}

/// A type, named through an item of one of core's traits. The tokens have spans from the beginning to the end of the type.
pub(crate) fn through(ty: &Type, of: &TokenStream, item: &str) -> TokenStream {
    let mut tokens = ty.to_token_stream().into_iter();
    let first = tokens.next().map_or_else(proc_macro2::Span::call_site, |token| token.span());
    let last = tokens.last().map_or(first, |token| token.span());
    let begin = quote_spanned!(first=> <);
    let item = Ident::new(item, last);
    let end = quote_spanned!(last=> as ::workflow_core::#of>::#item);
    quote!(#begin #ty #end)
}

/// Through the invisible groups that declarative macros put around a type.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        ty => ty,
    }
}

/// The last segment of a type's path: its name.
pub(crate) fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
