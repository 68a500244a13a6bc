//! The rules of a Choice state.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, braced, token};

use super::instead::{of_a_condition, of_the_fields_of_a_rule, operator_instead};
use super::values::{field, name};
use super::{comma, fields, push, skip};
use crate::diagnostics::Diagnostics;
use crate::parse::{Field, Name, Rule, Value};

/// The fields and the rules of a Choice state.
pub(super) fn rules(
    input: ParseStream<'_>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Field>, Vec<Rule>) {
    let (mut fields, mut rules) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        let is_field =
            input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
        let parsed = if is_field {
            field(input, diagnostics).map(|field| push(&mut fields, field, diagnostics))
        } else {
            rule(input, diagnostics).map(|rule| rules.push(rule))
        };
        if let Err(error) = parsed {
            diagnostics.parse_error(error);
            skip(input, |input| input.peek(Token![,]));
        }
        comma(input, diagnostics);
    }
    (fields, rules)
}

fn rule(input: ParseStream<'_>, diagnostics: &mut Diagnostics) -> syn::Result<Rule> {
    let span = input.span();
    of_a_condition(input)?;
    let condition = match input.parse::<Option<Token![_]>>()? {
        Some(_) => None,
        None => Some(input.parse()?),
    };
    input.parse::<Token![=>]>().map_err(|error| {
        let help = operator_instead(input);
        let text = "expected `=>` and the state that the rule leads to, as in `_ => Ship`";
        syn::Error::new(error.span(), format!("{text}{help}"))
    })?;
    let fields = if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        of_the_fields_of_a_rule(&content)?;
        fields(&content, diagnostics)
    } else if input.peek(Ident::peek_any) && (input.peek2(Token![:]) || input.peek2(token::Brace)) {
        let error = input.error("expected the name of the state that the rule leads to\nhelp: write its name alone, as in `_ => Ship`, or fields in braces, `_ => { next: Ship }`");
        skip(input, |input| input.peek(Token![,]));
        return Err(error);
    } else {
        vec![Field {
            name: Name { text: "next".to_owned(), span: span.into() },
            value: Value::Name(name(input)?),
        }]
    };
    Ok(Rule { condition, span: span.into(), fields })
}
