//! Conditions: comparisons, tests, and what is a truth value by itself.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::paths::Borrowed;
use super::places::type_of;
use super::{Lower, Scope, Typed, between, text_of};
use crate::generate::check::Check;
use workflow_syntax::parse::expression::{Comparand, Operator, variant_of};
use workflow_syntax::parse::{Expression, ExpressionKind, Literal, Name, SegmentKind};

impl Lower<'_> {
    /// An expression as a condition.
    pub(crate) fn condition(&mut self, scope: &Scope, expression: &Expression) -> TokenStream {
        match &expression.kind {
            ExpressionKind::Literal(Literal::Boolean(value)) => quote!(#value),
            ExpressionKind::Not(operand) => {
                let operand = self.condition(scope, operand);
                quote!(!#operand)
            }
            ExpressionKind::Binary(left, Operator::And, right) => {
                let (left, right) = (self.condition(scope, left), self.condition(scope, right));
                quote!((#left && #right))
            }
            ExpressionKind::Binary(left, Operator::Or, right) => {
                let (left, right) = (self.condition(scope, left), self.condition(scope, right));
                quote!((#left || #right))
            }
            ExpressionKind::Binary(left, operator, right) if operator.is_comparison() => {
                let (types, code) = self.comparison(scope, left, *operator, right);
                self.items.compared.push((expression.to_string(), types));
                code
            }
            ExpressionKind::Compare(comparand, left, operator, right) => {
                self.comparison_as(scope, *comparand, (left, *operator, right))
            }
            ExpressionKind::Call(name, arguments) if is_test(name) => {
                self.test(scope, name, arguments)
            }
            _ => {
                let Borrowed { ty, code, .. } = self.operand(scope, expression);
                let (state, text) = (scope.said(expression.start), expression.to_string());
                let kind = Check::new("truth", quote!(#ty), quote!(#state, #text))
                    .constant(expression.start, expression.end);
                let truth = self.items.alias(&quote!(_Truth<#ty, #kind>));
                scope.unwrapped(&quote!(<#truth>::of(#code)))
            }
        }
    }

    /// An operand by reference. In a definition of ASL, one that may be null is seen as data without a type.
    pub(super) fn operand(&mut self, scope: &Scope, expression: &Expression) -> Borrowed {
        if let ExpressionKind::Path(path) = &expression.kind {
            let operand = self.borrowed(scope, path);
            if !self.is_asl {
                return operand;
            }
            let ty = &operand.ty;
            return self.seen(scope, &operand, &quote!({ _check_seen::<#ty>() }));
        }
        let Typed { ty, code } = self.natural(scope, expression);
        Borrowed { base: ty.clone(), ty, code: quote!((&#code)) }
    }

    /// A value as a condition of ASL sees it.
    fn seen(&mut self, scope: &Scope, value: &Borrowed, kind: &TokenStream) -> Borrowed {
        let Borrowed { ty, code, base } = value;
        let seen = self.items.alias(&quote!(<#ty as _Joined<#kind>>::Type));
        let code = scope.unwrapped(&quote!(<#ty as _Joined<#kind>>::seen(#code)));
        Borrowed { ty: quote!(#seen), code: quote!((&*#code)), base: base.clone() }
    }

    pub(super) fn comparison(
        &mut self,
        scope: &Scope,
        left: &Expression,
        operator: Operator,
        right: &Expression,
    ) -> (Vec<TokenStream>, TokenStream) {
        let is_constant = |side: &Expression| {
            matches!(side.kind, ExpressionKind::Literal(_) | ExpressionKind::Constant(_))
        };
        if is_constant(left) && !is_constant(right) {
            return self.comparison(scope, right, operator.mirrored(), left);
        }
        let Borrowed { ty, code, base } = self.operand(scope, left);
        let mut types = vec![ty.clone()];
        let between = between(scope, left, operator, right);
        let (start, end) = (right.start, right.end);
        let mut with_literal = |check: Check, call: TokenStream| {
            let kind = check.constant(start, end);
            let compare = self.items.alias(&quote!(_CompareLiteral<#ty, #kind>));
            quote!(<#compare>::#call)
        };
        let order = match &right.kind {
            ExpressionKind::Literal(Literal::Integer(value)) => with_literal(
                Check::new("compare_integer", quote!(#ty), quote!(#between, #value)),
                quote!(integer(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Float(value)) => with_literal(
                Check::new("compare_float", quote!(#ty), quote!(#between)),
                quote!(float(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Text(value)) => with_literal(
                Check::new("compare_text", quote!(#ty), quote!(#between, #value)),
                quote!(text(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Boolean(value)) => with_literal(
                Check::new("compare_boolean", quote!(#ty), quote!(#between)),
                quote!(boolean(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Null) => {
                let test = self.absence(scope, left, &Borrowed { ty, code, base }, "is_null");
                let code = if operator == Operator::NotEqual { quote!(!#test) } else { test };
                return (types, code);
            }
            ExpressionKind::Constant(path) => match variant_of(path) {
                Some((enumeration, variant)) => {
                    let name = variant.to_string();
                    let check =
                        Check::new("variant", quote!(#ty, #enumeration), quote!(#between, #name));
                    let position = check.constant(variant.span(), variant.span());
                    let is = self.items.alias(&quote!(_Is<#ty, #position>));
                    quote!(<#is>::order(#code))
                }
                None => {
                    let constant = type_of(path, end);
                    let arguments = quote!(#between, #constant);
                    let kind =
                        Check::new("compare_constant", quote!(#ty), arguments).constant(start, end);
                    let left = self.items.alias(&quote!(<#ty as _Sound<#kind>>::Type));
                    quote!(_order_constant::<#left, _>(#code, &#path))
                }
            },
            _ => {
                let Borrowed { ty: other, code: other_code, .. } = self.operand(scope, right);
                let kind = Check::new("compare", quote!(#ty, #other), quote!(#between))
                    .constant(left.start, end);
                let compare = self.items.alias(&quote!(_Compare<#ty, #other, #kind>));
                types.push(other);
                quote!(<#compare as _Comparison>::order(#code, #other_code))
            }
        };
        (types, holds(operator, &order))
    }

    /// A comparison of ASL, which holds only where both sides have the type that it names.
    fn comparison_as(
        &mut self,
        scope: &Scope,
        comparand: Comparand,
        (left, operator, right): (&Expression, Operator, &Expression),
    ) -> TokenStream {
        let (a, b) = (self.operand(scope, left), self.operand(scope, right));
        let between = between(scope, left, operator, right);
        let name = format_ident!("{comparand:?}");
        let (left_ty, right_ty) = (&a.ty, &b.ty);
        let check = Check::new(
            "compare_as",
            quote!(#left_ty, #right_ty),
            quote!(#between, _Comparand::#name),
        );
        let kind = check.constant(left.start, right.end);
        let ty = self.items.alias(&quote!(<#left_ty as _Sound<#kind>>::Type));
        let (left, right) = (a.code, b.code);
        holds(operator, &quote!(_order_as::<#ty, #right_ty>(_Comparand::#name, #left, #right)))
    }

    /// `is_present`, `is_null`, the type tests, `string_matches`.
    pub(super) fn test(
        &mut self,
        scope: &Scope,
        name: &Name,
        arguments: &[Expression],
    ) -> TokenStream {
        let Some(argument) = arguments.first() else { return quote!(false) };
        if self.is_asl && name == "is_present" {
            return self.presence(scope, argument);
        }
        let value = match &argument.kind {
            // `IsNull` and the type tests ask a value of any type.
            ExpressionKind::Path(path) if self.is_asl && *name != "string_matches" => {
                let value = self.borrowed(scope, path);
                let ty = &value.ty;
                self.seen(scope, &value, &quote!({ _check_as_json::<#ty>() }))
            }
            _ => self.operand(scope, argument),
        };
        let (state, text, test) =
            (scope.said(argument.start), argument.to_string(), name.to_string());
        match test.as_str() {
            "is_present" => {
                let test = self.absence(scope, argument, &value, "is_present");
                quote!(_filter(|| _Ok(#test)))
            }
            "is_null" => self.absence(scope, argument, &value, "is_null"),
            "string_matches" => {
                let Borrowed { ty, code, .. } = value;
                let pattern = arguments.get(1).map_or(String::new(), text_of);
                let kind = Check::new("pattern", quote!(#ty), quote!(#state, #text))
                    .constant(argument.start, argument.end);
                let matches = self.items.alias(&quote!(_Pattern<#ty, #kind>));
                quote!(<#matches>::matches(#code, #pattern))
            }
            _ => {
                let Borrowed { ty, code, .. } = value;
                let kind = Check::new("type_test", quote!(#ty), quote!(#state, #text, #test))
                    .constant(argument.start, argument.end);
                let alias = self.items.alias(&quote!(_TypeTest<#ty, #kind>));
                let name = name.ident();
                quote!(<#alias>::#name(#code))
            }
        }
    }

    /// `IsPresent`: whether the path leads somewhere, if only to null.
    fn presence(&mut self, scope: &Scope, argument: &Expression) -> TokenStream {
        let ExpressionKind::Path(path) = &argument.kind else { return quote!(true) };
        let Borrowed { ty, code, base } = self.borrowed(scope, path);
        let name = match path.segments.last().map(|segment| &segment.kind) {
            Some(SegmentKind::Name(name)) => name.as_str(),
            _ => "",
        };
        let kind = quote!({ _check_presence::<#ty, #base>(#name) });
        let absence = self.items.alias(&quote!(_Absence<#ty, #kind>));
        quote!(_filter(|| _Ok(<#absence>::is_present(#code))))
    }

    pub(super) fn absence(
        &mut self,
        scope: &Scope,
        argument: &Expression,
        value: &Borrowed,
        test: &str,
    ) -> TokenStream {
        let (state, text) = (scope.said(argument.start), argument.to_string());
        let Borrowed { ty, code, base } = value;
        let name = format_ident!("{test}");
        let check = Check::new("absence", quote!(#ty, #base), quote!(#state, #text, #test));
        let kind = check.constant(argument.start, argument.end);
        let absence = self.items.alias(&quote!(_Absence<#ty, #kind>));
        if test == "is_present" {
            self.items.presences.push((scope.state.clone(), text, absence.clone()));
        }
        quote!(<#absence>::#name(#code))
    }
}

/// Whether an order is the one that an operator asks for.
fn holds(operator: Operator, order: &TokenStream) -> TokenStream {
    match operator {
        Operator::Less => quote!(_is_less(#order)),
        Operator::LessEqual => quote!(_is_less_equal(#order)),
        Operator::Greater => quote!(_is_greater(#order)),
        Operator::GreaterEqual => quote!(_is_greater_equal(#order)),
        Operator::NotEqual => quote!(!_is_equal(#order)),
        _ => quote!(_is_equal(#order)),
    }
}

pub(super) fn is_test(name: &Name) -> bool {
    let name = name.to_string();
    name.starts_with("is_") || name == "string_matches"
}
