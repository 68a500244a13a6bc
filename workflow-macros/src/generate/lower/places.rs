//! Values in their places: the conversion to the type that a place has, and the objects that are built field by field.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use super::{Goes, Lower, Scope, Typed};
use crate::generate::check::Check;
use workflow_syntax::parse::expression::variant_of;
use workflow_syntax::parse::{Expression, ExpressionKind, Literal};
use workflow_syntax::span::Span;

/// A template, or a struct literal.
pub(super) struct Object<'e> {
    pub(super) expression: &'e Expression,
    pub(super) names: &'e [String],
    pub(super) fields: &'e [(String, Span, &'e Expression)],
    /// Whether the names are those of Rust.
    pub(super) rust_names: bool,
}

impl Object<'_> {
    /// The place of a literal that has its type by itself.
    pub(super) fn site(&self, scope: &Scope) -> TokenStream {
        let goes = Goes::Named("the value".to_owned());
        scope.site(&self.expression.to_string(), &goes, self.expression.start)
    }
}

impl Lower<'_> {
    /// An expression as a value of the type that its place has.
    pub(crate) fn place(
        &mut self,
        scope: &Scope,
        expression: &Expression,
        target: &TokenStream,
        goes: &Goes,
    ) -> TokenStream {
        let ends = (expression.start, expression.end);
        let site = scope.site(&expression.to_string(), goes, expression.start);
        if let Some(result) = self.literal(expression, target, &site) {
            return scope.unwrapped(&result);
        }
        match &expression.kind {
            ExpressionKind::Some(value) => self.place(scope, value, target, goes),
            ExpressionKind::Object(fields) => {
                let names: Vec<String> = fields.iter().map(|(name, _)| name.text.clone()).collect();
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (name.text.clone(), name.span, value))
                    .collect();
                let object =
                    Object { expression, names: &names, fields: &fields, rust_names: false };
                self.object(scope, target, &site, &object)
            }
            ExpressionKind::Array(items) => {
                let kind =
                    Check::new("list", quote!(#target), quote!(#site)).constant(ends.0, ends.1);
                let each = self.items.alias(&quote!(_Each<#target, #kind>));
                let item = quote!(<#each as _Elements>::Item);
                let goes = Goes::Named("an element of the array".to_owned());
                let items: Vec<TokenStream> =
                    items.iter().map(|value| self.place(scope, value, &item, &goes)).collect();
                quote!(<#each as _Elements>::collect(::std::vec![#(#items),*]))
            }
            ExpressionKind::Constant(path) if variant_of(path).is_none() => {
                let ty = type_of(path, ends.1);
                let check = Check::new("fit_constant", quote!(#target), quote!(#site, #ty));
                self.items.check(&check.at(ends.0, ends.1));
                scope.unwrapped(&quote!(_constant::<#target, _>(&#path)))
            }
            _ => {
                let value = self.own(scope, expression);
                self.fit(scope, &value, target, &site, ends)
            }
        }
    }

    /// A literal as a `Result` of the type that its place has; not a truth value, which has a type of its own.
    fn literal(
        &mut self,
        expression: &Expression,
        target: &TokenStream,
        site: &TokenStream,
    ) -> Option<TokenStream> {
        let ExpressionKind::Literal(literal) = &expression.kind else { return None };
        let literal_of = |value: TokenStream| quote!(_literal::<#target>(#value));
        let (check, arguments, code) = match literal {
            Literal::Integer(value) => {
                ("fit_integer", quote!(#site, #value), quote!(_integer::<#target>(#value)))
            }
            Literal::Float(value) => ("fit_float", quote!(#site), literal_of(quote!(#value))),
            Literal::Text(value) => {
                ("fit_text", quote!(#site, #value), quote!(_text::<#target>(#value)))
            }
            Literal::Null => ("fit_null", quote!(#site), literal_of(quote!(()))),
            Literal::Boolean(_) => return None,
        };
        let check = Check::new(check, quote!(#target), arguments);
        self.items.check(&check.at(expression.start, expression.end));
        Some(code)
    }

    /// A value of one type as a value of another.
    pub(crate) fn fit(
        &mut self,
        scope: &Scope,
        value: &Typed,
        target: &TokenStream,
        site: &TokenStream,
        ends: (Span, Span),
    ) -> TokenStream {
        let Typed { ty, code } = value;
        self.check_fit(ty, target, site, ends);
        scope.unwrapped(&quote!(_convert::<#ty, #target>(#code)))
    }

    /// Checks that a value of one type goes into a place of another.
    pub(crate) fn check_fit(
        &mut self,
        ty: &TokenStream,
        target: &TokenStream,
        site: &TokenStream,
        (start, end): (Span, Span),
    ) {
        let check =
            Check::new("fit", quote!(#ty, #target), quote!(#site, _Same::<#ty, #target>::ANSWER));
        self.items.check(&check.at(start, end));
    }

    /// The object that a template or a struct literal makes.
    pub(super) fn object(
        &mut self,
        scope: &Scope,
        target: &TokenStream,
        site: &TokenStream,
        object: &Object<'_>,
    ) -> TokenStream {
        let Object { expression, names, fields, rust_names } = object;
        let check =
            Check::new("template", quote!(#target), quote!(#site, &[#(#names),*], #rust_names));
        let kind = check.constant(expression.start, expression.end);
        let ty = self.items.alias(&quote!(<#target as _Sound<#kind>>::Type));
        let asl = self.is_asl.then(|| Scope { field: Some(String::new()), ..scope.clone() });
        let scope = asl.as_ref().unwrap_or(scope);
        let fill: TokenStream = fields
            .iter()
            .map(|(name, span, value)| {
                let said = scope.said(*span);
                let check =
                    Check::new("template_field", quote!(#ty), quote!(#said, #name, #rust_names));
                let position = check.constant(*span, *span);
                let field = self.items.alias(&quote!(_Filled<#ty, #position>));
                self.fill(&scope.of_field(name), &field, name, value)
            })
            .collect();
        built(scope, &ty, &fill)
    }

    /// The tuple struct or the newtype that a literal makes: its fields are filled in turn.
    pub(super) fn in_turn(
        &mut self,
        scope: &Scope,
        ty: &Ident,
        object: &Object<'_>,
    ) -> TokenStream {
        let fill: TokenStream = object
            .fields
            .iter()
            .enumerate()
            .map(|(position, (name, _, value))| {
                let field = self.items.alias(&quote!(_Filled<#ty, #position>));
                self.fill(scope, &field, name, value)
            })
            .collect();
        built(scope, ty, &fill)
    }

    /// Fills a field. What the value fails with, the object fails with.
    fn fill(
        &mut self,
        scope: &Scope,
        field: &Ident,
        name: &str,
        value: &Expression,
    ) -> TokenStream {
        let target = quote!(<#field as _FieldOf>::Value);
        let goes = Goes::Named(format!("field `{name}`"));
        let site = scope.site(&value.to_string(), &goes, value.start);
        if let Some(result) = self.literal(value, &target, &site) {
            return quote!(_fill_result::<#field>(&mut object, #name, #result););
        }
        let ends = (value.start, value.end);
        if let ExpressionKind::Path(path) = &value.kind
            && let Some(step) = self.only_step(scope, path)
        {
            let (part, base, place) = (step.part, step.base, step.place);
            self.check_fit(&quote!(<#part as _Segment>::Value), &target, &site, ends);
            return if step.take {
                quote!(_fill_with_taken::<#field, #part>(&mut object, #name, #base, #place);)
            } else {
                quote!(_fill_with_path::<#field, #part>(&mut object, #name, &#base, #place);)
            };
        }
        if has_place(value) {
            let code = self.place(scope, value, &target, &goes);
            return quote!(_fill_result::<#field>(&mut object, #name, _Ok(#code)););
        }
        let Typed { ty, code } = self.own(scope, value);
        self.check_fit(&ty, &target, &site, ends);
        quote!(_fill_with::<#field, #ty>(&mut object, #name, #code);)
    }
}

/// Whether an expression takes its type from its place.
fn has_place(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Some(_) | ExpressionKind::Object(_) | ExpressionKind::Array(_) => true,
        ExpressionKind::Constant(path) => variant_of(path).is_none(),
        _ => false,
    }
}

/// The description of the type of a constant. That it is none is said at the constant.
pub(super) fn type_of(path: &Path, span: Span) -> TokenStream {
    quote_spanned!(span.tokens()=> _type_of(&#path))
}

/// An object of a type, after what fills its fields.
fn built(scope: &Scope, ty: &Ident, fill: &TokenStream) -> TokenStream {
    let state = &scope.state;
    let finish = scope.unwrapped(&quote!(_finish::<#ty>(object, #state)));
    quote!({
        let mut object = _begin::<#ty>();
        #fill
        #finish
    })
}
