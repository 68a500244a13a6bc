//! The call of a check, which the compiler computes: it fails at the tokens of the user that it is about.
//!
//! Only the tokens that decide where an error stands have a span of the user: the first and the last one.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use workflow_syntax::span::Span;

/// A call of one of core's checks.
pub(crate) struct Check {
    name: &'static str,
    generics: TokenStream,
    arguments: TokenStream,
}

impl Check {
    /// A check of these types with these arguments.
    pub(crate) fn new(name: &'static str, generics: TokenStream, arguments: TokenStream) -> Self {
        Self { name, generics, arguments }
    }

    /// The call, which fails at what is between two tokens of the user.
    pub(crate) fn at(self, start: impl Into<Span>, end: impl Into<Span>) -> TokenStream {
        let (start, end) = (start.into().tokens(), end.into().tokens());
        let Self { name, generics, arguments } = self;
        let mut name: Ident = format_ident!("_check_{name}");
        name.set_span(start);
        let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
        arguments.set_span(end);
        if generics.is_empty() {
            quote!(#name #arguments)
        } else {
            quote_spanned!(end=> #name::<#generics>#arguments)
        }
    }

    /// The call as a constant in a type, which fails at what is between two tokens of the user.
    pub(crate) fn constant(self, start: impl Into<Span>, end: impl Into<Span>) -> TokenStream {
        let end = end.into();
        let mut block = Group::new(Delimiter::Brace, self.at(start, end));
        block.set_span(end.tokens());
        TokenTree::from(block).to_token_stream()
    }
}
