//! The values in a description: durations, paths, retriers, expressions.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Path;
use syn::ext::IdentExt;
use workflow_syntax::model::PathField;
use workflow_syntax::parse::expression::{in_type, is_tuple, member_text, path_text, variant_of};
use workflow_syntax::parse::{ErrorName, Expression, ExpressionKind, Limit, Name, Retrier, Root};

pub(crate) fn duration(duration: Duration) -> TokenStream {
    let (seconds, nanoseconds) = (duration.as_secs(), duration.subsec_nanos());
    quote!(_Duration::new(#seconds, #nanoseconds))
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(_Some(#value)),
        None => quote!(_None),
    }
}

pub(super) fn text_option(value: Option<&str>) -> TokenStream {
    option(value.map(|text| quote!(#text)))
}

pub(super) fn path_field(field: Option<PathField<'_>>) -> TokenStream {
    match field {
        None => quote!(_definition_PathField::Absent),
        Some(PathField { path: None }) => quote!(_definition_PathField::Null),
        Some(PathField { path: Some(path) }) => {
            let text = path.to_string();
            quote!(_definition_PathField::Path(#text))
        }
    }
}

pub(super) fn describe_assign(assign: &[(Name, Expression)]) -> TokenStream {
    let variables = assign.iter().map(|(name, value)| {
        let (name, value) = (name.to_string(), expression(value));
        quote!((#name, #value))
    });
    quote!(&[#(#variables),*])
}

pub(super) fn limit(value: &Limit) -> TokenStream {
    match value {
        Limit::Fixed(fixed) => {
            let fixed = duration(fixed.value);
            quote!(_definition_Limit::Fixed(#fixed))
        }
        Limit::Seconds(value) => {
            let value = expression(value);
            quote!(_definition_Limit::Seconds(#value))
        }
    }
}

pub(super) fn error_names(names: &[ErrorName]) -> TokenStream {
    let names = names.iter().map(|name| match name {
        ErrorName::Text(text) => {
            let name = &text.value;
            quote!(#name)
        }
        ErrorName::Variant { ty, variant } => variant_name(ty, variant),
    });
    quote!(&[#(#names),*])
}

/// The error name of a variant of an error type, which is known while compiling.
pub(crate) fn variant_name(ty: &Path, variant: &Ident) -> TokenStream {
    let name = variant.unraw().to_string();
    quote!(_check_variant_name(_IsTaskError::<#ty>::NAMES, #name))
}

/// The error of a Fail state, which may be a variant of an error type.
pub(super) fn fail_error(value: &Expression) -> TokenStream {
    if let ExpressionKind::Constant(path) = &value.kind
        && let Some((ty, variant)) = variant_of(path)
    {
        let name = variant_name(&ty, &variant);
        return quote!(_definition_Expression::ErrorName(#name));
    }
    expression(value)
}

pub(super) fn describe_retrier(retrier: &Retrier) -> TokenStream {
    let names = error_names(retrier.error_equals.as_deref().unwrap_or_default());
    let mut fields = TokenStream::new();
    if let Some(interval) = &retrier.interval {
        let interval = duration(interval.value);
        fields.extend(quote!(interval: #interval,));
    }
    if let Some(attempts) = &retrier.max_attempts {
        let attempts = attempts.value;
        fields.extend(quote!(max_attempts: #attempts,));
    }
    if let Some(rate) = &retrier.backoff_rate {
        let rate = rate.value;
        fields.extend(quote!(backoff_rate: #rate,));
    }
    if let Some(delay) = &retrier.max_delay {
        let delay = duration(delay.value);
        fields.extend(quote!(max_delay: _Some(#delay),));
    }
    if retrier.jitter.as_ref().is_some_and(|jitter| jitter == "FULL") {
        fields.extend(quote!(jitter: _Jitter::Full,));
    }
    if let Some(comment) = &retrier.comment {
        fields.extend(quote!(comment: _Some(#comment),));
    }
    quote!(_Retrier { #fields .._Retrier::new(#names) })
}

/// An expression as static data.
pub(crate) fn expression(value: &Expression) -> TokenStream {
    let ty = quote!(_definition_Expression);
    let fields = |fields: Vec<(String, &Expression)>| {
        let fields = fields.into_iter().map(|(name, value)| {
            let value = expression(value);
            quote!((#name, #value))
        });
        quote!(&[#(#fields),*])
    };
    match &value.kind {
        ExpressionKind::Literal(literal) => {
            let text = literal.to_json();
            quote!(#ty::Literal(#text))
        }
        ExpressionKind::Path(path) => {
            let text = path.to_string();
            if matches!(path.root, Root::Context) {
                quote!(#ty::Context(#text))
            } else {
                quote!(#ty::Path(#text))
            }
        }
        ExpressionKind::Object(all) => {
            let fields =
                fields(all.iter().map(|(name, value)| (name.text.clone(), value)).collect());
            quote!(#ty::Object(#fields))
        }
        ExpressionKind::Struct(path, all) => {
            if in_type(path).is_some() {
                let text = value.to_string();
                quote!(#ty::Constant(#text))
            } else if is_tuple(all) {
                let items = all.iter().map(|(_, value)| expression(value));
                quote!(#ty::Tuple(_IsData::<#path>::TYPE, &[#(#items),*]))
            } else {
                let fields =
                    fields(all.iter().map(|(name, value)| (member_text(name), value)).collect());
                quote!(#ty::Struct(_IsData::<#path>::TYPE, #fields))
            }
        }
        ExpressionKind::Array(items) => {
            let items = items.iter().map(expression);
            quote!(#ty::Array(&[#(#items),*]))
        }
        ExpressionKind::Call(name, arguments) => {
            let (name, arguments) = (name.to_string(), arguments.iter().map(expression));
            quote!(#ty::Call(#name, &[#(#arguments),*]))
        }
        ExpressionKind::Some(value) => expression(value),
        ExpressionKind::Not(operand) => {
            let operand = expression(operand);
            quote!(#ty::Unary("!", &#operand))
        }
        ExpressionKind::Negative(operand) => {
            let operand = expression(operand);
            quote!(#ty::Unary("-", &#operand))
        }
        ExpressionKind::Compare(comparand, left, operator, right) => {
            let (left, operator, right) = (expression(left), operator.symbol(), expression(right));
            let comparand = format_ident!("{comparand:?}");
            quote!(#ty::Compare(_Comparand::#comparand, &#left, #operator, &#right))
        }
        ExpressionKind::Binary(left, operator, right) => {
            let (left, operator, right) = (expression(left), operator.symbol(), expression(right));
            quote!(#ty::Binary(&#left, #operator, &#right))
        }
        ExpressionKind::Constant(path) if variant_of(path).is_some() => {
            let Some((enumeration, variant)) = variant_of(path) else { return quote!() };
            let name = variant.unraw().to_string();
            quote!(#ty::Variant(_IsData::<#enumeration>::TYPE, #name))
        }
        ExpressionKind::Constant(path) => {
            let text = path_text(path);
            quote!(#ty::Constant(#text))
        }
    }
}
