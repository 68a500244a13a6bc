//! Paths of the native notation, as they are parsed.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{LitInt, LitStr, Token, bracketed, token};

use super::instead::of_a_field;
use crate::parse::Name;
use crate::parse::expression::{Expression, Root, Segment, SegmentKind, ValuePath};

impl Parse for ValuePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span().into();
        if input.parse::<Option<Token![@]>>()?.is_some() {
            return Ok(Self { root: Root::Item, start, segments: segments(input)? });
        }
        input.parse::<Token![$]>()?;
        let root = if input.parse::<Option<Token![$]>>()?.is_some() {
            Root::Context
        } else if input.peek(syn::Ident::peek_any) && !input.peek(Token![in]) {
            Root::Variable(Name::from(&input.call(Ident::parse_any)?))
        } else {
            Root::Input
        };
        Ok(Self { root, start, segments: segments(input)? })
    }
}

fn segments(input: ParseStream<'_>) -> syn::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    loop {
        if input.peek(Token![..]) {
            input.parse::<Token![..]>()?;
            segments.push(descendants(input)?);
        } else if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            segments.push(member(input)?);
        } else if input.peek(token::Bracket) {
            segments.push(bracket(input)?);
        } else if input.peek(Token![?]) {
            let mark: Token![?] = input.parse()?;
            segments.push(Segment::new(SegmentKind::Present, mark.span));
        } else {
            return Ok(segments);
        }
    }
}

fn descendants(input: ParseStream<'_>) -> syn::Result<Segment> {
    if input.peek(Token![*]) {
        let star: Token![*] = input.parse()?;
        return Ok(Segment::new(SegmentKind::Descendants(None), star.span));
    }
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "expected a field name after `..`"))?;
    Ok(Segment::new(SegmentKind::Descendants(Some(name.unraw().to_string())), name.span()))
}

fn member(input: ParseStream<'_>) -> syn::Result<Segment> {
    if input.peek(Token![*]) {
        let star: Token![*] = input.parse()?;
        return Ok(Segment::new(SegmentKind::Wildcard, star.span));
    }
    let name = input.call(Ident::parse_any).map_err(|error| of_a_field(input, error))?;
    Ok(Segment::new(SegmentKind::Name(name.unraw().to_string()), name.span()))
}

fn bracket(input: ParseStream<'_>) -> syn::Result<Segment> {
    let content;
    let bracket = bracketed!(content in input);
    let whole = bracket.span.join();
    if content.peek(LitStr) {
        let name: LitStr = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Name(name.value()), name.span()));
    }
    if content.peek(Token![*]) {
        let star: Token![*] = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Wildcard, star.span));
    }
    if content.peek(Token![?]) {
        content.parse::<Token![?]>()?;
        let condition: Expression = content.parse()?;
        return finish(&content, Segment::new(SegmentKind::Filter(Box::new(condition)), whole));
    }
    let span = content.span();
    let start = optional_integer(&content)?;
    if content.peek(Token![::]) {
        content.parse::<Token![::]>()?;
        let step = optional_integer(&content)?;
        return finish(&content, Segment::new(SegmentKind::Slice(start, None, step), whole));
    }
    if content.peek(Token![:]) {
        content.parse::<Token![:]>()?;
        let end = optional_integer(&content)?;
        let step = if content.parse::<Option<Token![:]>>()?.is_some() {
            optional_integer(&content)?
        } else {
            None
        };
        return finish(&content, Segment::new(SegmentKind::Slice(start, end, step), whole));
    }
    match start {
        Some(index) => finish(&content, Segment::new(SegmentKind::Index(index), span)),
        None => Err(syn::Error::new(
            span,
            "expected an index, a slice such as `0:2`, `*`, a filter such as `?(@.price > 10)`, or a name in quotes",
        )),
    }
}

fn finish(content: ParseStream<'_>, segment: Segment) -> syn::Result<Segment> {
    if content.is_empty() { Ok(segment) } else { Err(content.error("expected `]`")) }
}

fn optional_integer(input: ParseStream<'_>) -> syn::Result<Option<i64>> {
    let negative = input.parse::<Option<Token![-]>>()?.is_some();
    if !negative && !input.peek(LitInt) {
        return Ok(None);
    }
    let value: i64 = input.parse::<LitInt>()?.base10_parse()?;
    Ok(Some(if negative { -value } else { value }))
}
