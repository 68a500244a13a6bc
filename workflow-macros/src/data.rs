//! `derive(Data)`: reads a type's declaration and serde attributes, and hands it to the module of its kind.
//!
//! What a struct becomes is in [`object`] and [`tuple`], what an enum becomes in [`enumeration`]. Nothing here knows of
//! workflows, but for how a check is called; `#[task]` makes its arguments an object through [`object::implement`].

mod attributes;
pub(crate) mod case;
mod enumeration;
mod fields;
mod instead;
pub(crate) mod object;
pub(crate) mod parts;
mod tuple;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{
    AngleBracketedGenericArguments, DeriveInput, Fields, GenericArgument, GenericParam, Generics,
    Ident, PathArguments, Type, TypePath,
};

pub(crate) use instead::{data_check, instead, output_check};

/// Writes the implementations for a type, and what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input) {
        Ok(input) => expand(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = owned(&input.generics);
    let implementation = errors.is_empty().then(|| implement(input, &mut errors)).map(|items| {
        quote! {
            const _: () = {
                use ::workflow_core::private::names::*;
                #items
            };
        }
    });
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #implementation)
}

/// An error for each parameter that is no type. There is no implementation that would keep others from failing.
fn owned(generics: &Generics) -> Vec<syn::Error> {
    let error = |parameter: &dyn ToTokens, has: &str, help: &str| {
        let written = parameter.to_token_stream();
        let text =
            format!("`{written}`: data of a workflow have no {has} parameters\nhelp: {help}");
        syn::Error::new_spanned(parameter, text)
    };
    let errors = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Lifetime(lifetime) => Some(error(
            &lifetime.lifetime,
            "lifetime",
            "hold owned data: a `String`, a `Vec`, a type of your own",
        )),
        GenericParam::Const(constant) => {
            Some(error(&constant.ident, "const", "use a type for each value, or a `Vec`"))
        }
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
                tuple::transparent(&subject, &container, &fields.named, errors)
            }
            Fields::Named(fields) => {
                let fields = object::Field::read(&fields.named, &container, errors);
                object::implement(&subject, &fields)
            }
            Fields::Unnamed(fields) => {
                tuple::implement(&subject, &container, &fields.unnamed, errors)
            }
            Fields::Unit => object::unit(&subject),
        },
    }
}

/// The type that the traits are implemented for.
pub(crate) struct Subject<'a> {
    ident: &'a Ident,
    generics: Generics,
    /// What stands in the angle brackets: the parameters, or types in place of them.
    arguments: TokenStream,
    /// What messages call it, where its own name is none of the user's.
    called: Option<String>,
}

impl<'a> Subject<'a> {
    /// A type, with `Data` required of every type parameter.
    pub(crate) fn new(ident: &'a Ident, generics: &Generics) -> Self {
        let mut generics = generics.clone();
        for parameter in generics.type_params_mut() {
            parameter.bounds.push(syn::parse_quote!(_Data));
        }
        let arguments = generics.split_for_impl().1.to_token_stream();
        Self { ident, generics, arguments, called: None }
    }

    /// The same, which messages call by another name.
    pub(crate) fn called(self, name: String) -> Self {
        Self { called: Some(name), ..self }
    }

    /// A generic type with types for its parameters.
    pub(crate) fn with_types(ident: &'a Ident, types: &[&Type]) -> Self {
        let arguments = quote!(<#(#types),*>);
        Self { ident, generics: Generics::default(), arguments, called: None }
    }

    fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    /// The type, with its parameters.
    fn whole(&self) -> TokenStream {
        let Self { ident, arguments, .. } = self;
        quote!(#ident #arguments)
    }

    /// The type as the beginning of a struct literal.
    fn literal(&self) -> TokenStream {
        let Self { ident, arguments, .. } = self;
        if arguments.is_empty() { quote!(#ident) } else { quote!(#ident::#arguments) }
    }

    /// An implementation of one of core's traits.
    fn implement(&self, of: &TokenStream, items: &TokenStream) -> TokenStream {
        self.implement_for(&self.whole(), of, items)
    }

    /// An implementation for another type, in the type's parameters.
    fn implement_for(
        &self,
        ty: &TokenStream,
        of: &TokenStream,
        items: &TokenStream,
    ) -> TokenStream {
        let (parameters, _, conditions) = self.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #of for #ty #conditions { #items }
        }
    }

    /// The implementation of `Data`: none where the type lacks what `Data` stands on, so that the one error says all of it.
    fn implement_data(&self, description: &TokenStream, parts: &TokenStream) -> TokenStream {
        let items = quote! {
            const TYPE: &'static _Type = &#description;
            type Parts = #parts;
        };
        let ty = self.whole();
        let (parameters, _, conditions) = self.generics.split_for_impl();
        let conditions = conditions.map_or(quote!(where), |given| quote!(#given,));
        // Without a lifetime, a condition that is not met is an error of its own.
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #parameters _Data for #ty #conditions for<'any> #ty: _Stored { #items }
        }
    }

    /// The description of the type, whose shape is no object.
    fn describe(&self, parameters: &[TokenStream], shape: &TokenStream) -> TokenStream {
        let name = self.ident.unraw().to_string();
        quote! {
            _Type {
                name: #name,
                module: ::core::module_path!(),
                parameters: &[#(#parameters),*],
                shape: #shape,
            }
        }
    }

    /// The description of an object with these fields.
    fn describe_object(&self, fields: &[TokenStream]) -> TokenStream {
        let (name, parameters) = match &self.called {
            Some(name) => (name.clone(), Vec::new()),
            None => (self.ident.unraw().to_string(), self.parameters()),
        };
        quote! {
            _object(
                #name, ::core::module_path!(), &[#(#parameters),*], &[#(#fields),*],
            )
        }
    }

    /// The descriptions of the type parameters.
    fn parameters(&self) -> Vec<TokenStream> {
        let parameters = self.generics.type_params().map(|parameter| &parameter.ident);
        parameters.map(|parameter| quote!(<#parameter as _Data>::TYPE)).collect()
    }
}

/// The description of a type.
fn described(ty: &Type) -> TokenStream {
    quote!(_described::<#ty>())
}

/// A type as a message writes it.
pub(crate) fn written(ty: &Type) -> String {
    match ungrouped(ty) {
        // Without the way through tokens, which takes the compiler long.
        Type::Path(TypePath { qself: None, path, .. }) if path.get_ident().is_some() => {
            path.segments[0].ident.to_string()
        }
        ty => spaced(&ty.to_token_stream().to_string()),
    }
}

/// Tokens with spaces only where a person writes them.
fn spaced(tokens: &str) -> String {
    let mut text = String::new();
    let mut last = "";
    for token in tokens.split_whitespace() {
        let is_apart = last.ends_with([',', ';'])
            || ["dyn", "impl", "mut", "+"].contains(&last)
            || last.starts_with('\'') && token.starts_with(char::is_alphanumeric)
            || token == "+";
        if is_apart && token != ">" {
            text.push(' ');
        }
        text.push_str(token);
        last = token;
    }
    text
}

/// The spans of the first and the last token.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut tokens = tokens.to_token_stream().into_iter();
    let first = tokens.next().map_or_else(Span::call_site, |token| token.span());
    (first, tokens.last().map_or(first, |token| token.span()))
}

/// Through the invisible groups that declarative macros put around a type.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        ty => ty,
    }
}

/// Whether a type is data by its name alone: a scalar of the standard library, text, or an `Option` or a list of these. To ask
/// whether it implements `Data` would cost the compiler a constant.
pub(crate) fn is_std(ty: &Type) -> bool {
    const SCALARS: [&str; 14] = [
        "String", "bool", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize",
        "f32", "f64",
    ];
    let Type::Path(TypePath { qself: None, path, .. }) = ungrouped(ty) else { return false };
    let (Some(segment), 1) = (path.segments.first(), path.segments.len()) else { return false };
    match &segment.arguments {
        PathArguments::None => SCALARS.iter().any(|name| segment.ident == name),
        PathArguments::AngleBracketed(AngleBracketedGenericArguments { args, .. }) => {
            let is_list = segment.ident == "Option" || segment.ident == "Vec";
            is_list && args.iter().all(|arg| matches!(arg, GenericArgument::Type(ty) if is_std(ty)))
        }
        PathArguments::Parenthesized(_) => false,
    }
}

/// The last segment of a type's path: its name.
pub(crate) fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
