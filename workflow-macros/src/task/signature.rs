//! The signature of a function, parsed. Its body stays unread.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Generics, Ident, LitStr, Token, Type, Visibility, WhereClause, parenthesized,
};

/// Everything before the body.
pub(super) struct Signature {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) asyncness: Option<Token![async]>,
    pub(super) unsafety: Option<Token![unsafe]>,
    pub(super) abi: Option<Token![extern]>,
    pub(super) fn_token: Token![fn],
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) parameters: Punctuated<Parameter, Token![,]>,
    pub(super) returned: Option<Type>,
}

/// A parameter.
pub(super) enum Parameter {
    /// Some form of `self`.
    Receiver(Token![self]),
    /// `name: Type`, or `_: Type`.
    Named(Ident, Type),
    /// A pattern that takes a value apart, with its type.
    Pattern(TokenStream, Type),
}

impl Parse for Signature {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        input.parse::<Option<Token![const]>>()?;
        let asyncness = input.parse()?;
        let unsafety = input.parse()?;
        let abi: Option<Token![extern]> = input.parse()?;
        if abi.is_some() {
            input.parse::<Option<LitStr>>()?;
        }
        if !input.peek(Token![fn]) {
            return Err(
                input.error("`#[task]` stands on a function\nhelp: write it before an `async fn`")
            );
        }
        let (fn_token, ident, generics) = (input.parse()?, input.parse()?, input.parse()?);
        let parameters;
        parenthesized!(parameters in input);
        let parameters = parameters.parse_terminated(Parameter::parse, Token![,])?;
        let arrow: Option<Token![->]> = input.parse()?;
        let returned = arrow.map(|_| input.parse()).transpose()?;
        input.parse::<Option<WhereClause>>()?;
        input.parse::<TokenStream>()?;
        Ok(Self {
            attributes,
            visibility,
            asyncness,
            unsafety,
            abi,
            fn_token,
            ident,
            generics,
            parameters,
            returned,
        })
    }
}

impl Parse for Parameter {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let mut pattern = TokenStream::new();
        while !input.is_empty() && !is_colon(input) && !input.peek(Token![,]) {
            if input.peek(Token![self]) {
                let receiver = input.parse()?;
                skip_type(input)?;
                return Ok(Self::Receiver(receiver));
            }
            pattern.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        Ok(match syn::parse2::<Name>(pattern.clone()) {
            Ok(Name(name)) => Self::Named(name, ty),
            Err(_) => Self::Pattern(pattern, ty),
        })
    }
}

fn is_colon(input: ParseStream) -> bool {
    input.peek(Token![:]) && !input.peek(Token![::])
}

/// The type of a receiver, as in `self: Box<Self>`.
fn skip_type(input: ParseStream) -> syn::Result<()> {
    if input.parse::<Option<Token![:]>>()?.is_some() {
        input.parse::<Type>()?;
    }
    Ok(())
}

/// `name`, `mut name` or `_`.
struct Name(Ident);

impl Parse for Name {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if let Some(underscore) = input.parse::<Option<Token![_]>>()? {
            return Ok(Self(Ident::new("_", underscore.span)));
        }
        input.parse::<Option<Token![mut]>>()?;
        input.parse().map(Self)
    }
}
