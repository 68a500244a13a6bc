//! Expressions as Rust: the type that each has, and the code that computes it. Paths, conditions and calls have files of
//! their own under `lower/`.
//!
//! Every segment and comparison is a type alias with a constant in it, which the compiler computes to find the
//! implementation, or fails to compute with the message of the check: one error, at the span of the token. The checks that no
//! type depends on stand together in one constant of their state, since each constant costs the compiler about as much as a
//! small function.

mod conditions;
mod functions;
mod paths;
mod places;

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Member, Path};

use crate::generate::check::Check;
use places::Object;
use workflow_syntax::parse::expression::{
    Operator, in_type, is_tuple, member_text, path_text, variant_of,
};
use workflow_syntax::parse::{Expression, ExpressionKind, Literal, ValuePath};
use workflow_syntax::span::Span;

/// The items that generated code consists of beside its functions: type aliases, and constants with checks.
///
/// The compiler names an alias in an error, so each has the name of its state and a number.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) tokens: TokenStream,
    names: Vec<Ident>,
    state: String,
    counts: HashMap<String, usize>,
    /// The checks of the state that no type depends on.
    checks: TokenStream,
    /// The types of what the conditions of a Choice state compare, but for literals: each with the condition as it is written.
    pub(crate) compared: Vec<(String, Vec<TokenStream>)>,
    /// The paths that are asked whether they are present: the state, the path, and the alias of the question.
    pub(crate) presences: Vec<(String, String, Ident)>,
}

impl Items {
    /// Names the items from here on after a state.
    pub(crate) fn begin(&mut self, state: &str) {
        self.end();
        self.state = state.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
        if !self.state.starts_with(|first: char| first.is_ascii_alphabetic()) {
            self.state.insert_str(0, "State");
        }
    }

    /// Ends the items of a state.
    pub(crate) fn end(&mut self) {
        if self.checks.is_empty() {
            return;
        }
        let (name, checks) = (self.name(), std::mem::take(&mut self.checks));
        self.tokens.extend(quote!(const #name: () = { #checks };));
    }

    /// Declares a type alias and returns its name.
    pub(crate) fn alias(&mut self, ty: &TokenStream) -> Ident {
        let name = self.name();
        self.declare(&name, ty);
        name
    }

    fn name(&mut self) -> Ident {
        let count = self.counts.entry(self.state.clone()).or_default();
        *count += 1;
        format_ident!("_{}_{count}", self.state)
    }

    /// Adds a check of the state, on which no type depends. After one that fails, the compiler says nothing of the next.
    pub(crate) fn check(&mut self, check: &TokenStream) {
        self.checks.extend(quote!(#check;));
    }

    /// Declares a type alias of a name.
    pub(crate) fn declare(&mut self, name: &Ident, ty: &TokenStream) {
        self.tokens.extend(quote!(type #name = #ty;));
        self.names.push(name.clone());
    }

    /// Constants that use every alias: the compiler computes the checks of those that are used alone.
    pub(crate) fn uses(&self) -> TokenStream {
        let names = &self.names;
        quote!(#(const _: _Option<#names> = _None;)*)
    }
}

/// Data that an expression can name: their type, and the place that holds them.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) ty: TokenStream,
    pub(crate) place: TokenStream,
    /// Whether they may be moved out: nothing reads them later.
    pub(crate) movable: bool,
}

/// A value with its type.
pub(crate) struct Typed {
    pub(crate) ty: TokenStream,
    pub(crate) code: TokenStream,
}

/// What an expression can name where it stands.
#[derive(Clone)]
pub(crate) struct Scope {
    pub(crate) state: String,
    /// The file that the definition is in, where it is in one.
    pub(crate) file: Option<String>,
    /// `$`
    pub(crate) input: Source,
    /// `@`
    pub(crate) item: Option<Source>,
    /// `$states.input`
    pub(crate) states_input: Option<Source>,
    /// `$states.result`, `$states.errorOutput`
    pub(crate) states_result: Option<Source>,
    /// `$$.Map.Item.Value`
    pub(crate) map_item: Option<Source>,
    /// The types of variables, by name.
    pub(crate) variables: Vec<(String, TokenStream)>,
    /// The type of the execution's input.
    pub(crate) execution_input: TokenStream,
    /// In a definition of ASL, the field that the value is for, which a failure of its path names.
    pub(crate) field: Option<String>,
    /// Whether the state waits for its task token.
    pub(crate) awaits: bool,
    /// Whether the state is of a kind that is retried.
    pub(crate) is_retried: bool,
}

impl Scope {
    /// The state as a message names it: in a definition from a file, with the place that the message is about.
    pub(crate) fn said(&self, at: Span) -> String {
        said(&self.state, self.file.as_deref(), at)
    }

    /// Where a value goes, as a message says it.
    pub(crate) fn site(&self, value: &str, goes: &Goes, at: Span) -> TokenStream {
        let (state, place) = (self.said(at), goes.tokens());
        quote!(_check_Site { state: #state, value: #value, place: #place })
    }

    /// What a path leads to, as [`unwrapped`](Self::unwrapped); a failure names the field that the path is for.
    pub(crate) fn found(
        &self,
        path: &ValuePath,
        source: &Source,
        result: &TokenStream,
    ) -> TokenStream {
        let Some(field) = &self.field else { return self.unwrapped(result) };
        let (state, text, place) = (&self.state, path.to_string(), &source.place);
        quote! {
            match #result {
                _Ok(value) => value,
                _Err(_) => return _failed(_not_in_input(#text, #field, &#place), #state),
            }
        }
    }

    /// The scope of a field's value in a template of a definition of ASL.
    pub(crate) fn of_field(&self, name: &str) -> Self {
        let input = Source { movable: false, ..self.input.clone() };
        Self { field: self.field.as_ref().map(|_| format!("{name}.$")), input, ..self.clone() }
    }

    /// The value of a `Result`; an error leaves the function or closure, and is said of the state.
    pub(crate) fn unwrapped(&self, result: &TokenStream) -> TokenStream {
        let state = &self.state;
        quote! {
            match #result {
                _Ok(value) => value,
                _Err(error) => return _failed(error, #state),
            }
        }
    }
}

/// A state as a message names it. The message puts it between backquotes.
pub(crate) fn said(state: &str, file: Option<&str>, at: Span) -> String {
    match (file, at.place()) {
        (Some(file), Some(place)) => format!("{state}` at `{file}:{place}"),
        _ => state.to_owned(),
    }
}

/// The place that a value goes to, in the words of a message.
#[derive(Clone)]
pub(crate) enum Goes {
    Named(String),
    Argument(TokenStream, usize),
}

impl Goes {
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Named(name) => quote!(_check_Place::Named(#name)),
            Self::Argument(task, position) => quote! {
                _check_Place::Argument(<#task as _Task>::SIGNATURE, #position)
            },
        }
    }
}

/// Lowers expressions, and collects the aliases that they need.
pub(crate) struct Lower<'a> {
    pub(crate) items: &'a mut Items,
    /// Whether data are as on AWS: a value that is no path has no type.
    pub(crate) is_asl: bool,
}

impl Lower<'_> {
    /// An expression with the type that it has where nothing else gives it one.
    pub(crate) fn natural(&mut self, scope: &Scope, expression: &Expression) -> Typed {
        if self.is_asl && !matches!(expression.kind, ExpressionKind::Path(_)) {
            let ty = quote!(_Json);
            let goes = Goes::Named("the value".to_owned());
            let code = self.place(scope, expression, &ty, &goes);
            return Typed { ty, code };
        }
        self.own(scope, expression)
    }

    /// An expression with the type that it has by itself.
    pub(super) fn own(&mut self, scope: &Scope, expression: &Expression) -> Typed {
        let json = quote!(_Json);
        match &expression.kind {
            ExpressionKind::Path(path) => self.path(scope, path),
            ExpressionKind::Literal(Literal::Boolean(value)) => {
                Typed { ty: quote!(bool), code: quote!(#value) }
            }
            ExpressionKind::Literal(Literal::Text(value)) => {
                Typed { ty: quote!(_String), code: quote!(_String::from(#value)) }
            }
            ExpressionKind::Literal(Literal::Integer(_)) => {
                let ty = quote!(i64);
                let code = self.place(
                    scope,
                    expression,
                    &ty,
                    &Goes::Named("an integer by itself".to_owned()),
                );
                Typed { ty, code }
            }
            ExpressionKind::Literal(Literal::Float(value)) => {
                Typed { ty: quote!(f64), code: quote!(#value) }
            }
            ExpressionKind::Literal(Literal::Null)
            | ExpressionKind::Object(_)
            | ExpressionKind::Array(_) => {
                let code =
                    self.place(scope, expression, &json, &Goes::Named("the value".to_owned()));
                Typed { ty: json, code }
            }
            ExpressionKind::Some(value) => {
                let Typed { ty, code } = self.natural(scope, value);
                Typed { ty: quote!(_Option<#ty>), code: quote!(_Some(#code)) }
            }
            ExpressionKind::Struct(path, fields) => self.structure(scope, expression, path, fields),
            ExpressionKind::Constant(path) => match variant_of(path) {
                // Where the variant holds something, the compiler says so at its token.
                Some((ty, _)) => Typed {
                    ty: quote!(#ty),
                    code: quote!({
                        let value: #ty = #path;
                        value
                    }),
                },
                None => {
                    let goes = Goes::Named("the value".to_owned());
                    let code = self.place(scope, expression, &json, &goes);
                    Typed { ty: json, code }
                }
            },
            ExpressionKind::Call(name, arguments) => self.call(scope, name, arguments),
            ExpressionKind::Not(_) | ExpressionKind::Compare(..) => {
                Typed { ty: quote!(bool), code: self.condition(scope, expression) }
            }
            ExpressionKind::Binary(_, operator, _)
                if operator.is_comparison() || operator.is_logical() =>
            {
                Typed { ty: quote!(bool), code: self.condition(scope, expression) }
            }
            ExpressionKind::Negative(operand) => {
                let zero = Expression {
                    kind: ExpressionKind::Literal(Literal::Integer(0)),
                    start: expression.start,
                    end: expression.start,
                };
                self.arithmetic(scope, &zero, Operator::Subtract, operand)
            }
            ExpressionKind::Binary(left, operator, right) => {
                self.arithmetic(scope, left, *operator, right)
            }
        }
    }

    /// A literal of Rust: of a struct, a tuple struct, a newtype or a variant.
    fn structure(
        &mut self,
        scope: &Scope,
        expression: &Expression,
        path: &Path,
        members: &[(Member, Expression)],
    ) -> Typed {
        let names: Vec<String> = members.iter().map(|(member, _)| member_text(member)).collect();
        let fields: Vec<_> = members
            .iter()
            .zip(&names)
            .map(|((member, value), name)| {
                // A number of a tuple stands nowhere.
                let span = match member {
                    Member::Named(name) => name.span().into(),
                    Member::Unnamed(_) => value.start,
                };
                (name.clone(), span, value)
            })
            .collect();
        let object = Object { expression, names: &names, fields: &fields, rust_names: true };
        // What is written with values is no constant, whatever the case of its name.
        match in_type(path) {
            Some((ty, variant)) => self.variant(scope, (&ty, &variant), is_tuple(members), &object),
            None if is_tuple(members) => self.tuple(scope, path, &object),
            None => {
                let ty = quote!(#path);
                let code = self.object(scope, &ty, &object.site(scope), &object);
                Typed { ty, code }
            }
        }
    }

    fn variant(
        &mut self,
        scope: &Scope,
        (ty, variant): (&Path, &Ident),
        is_tuple: bool,
        object: &Object<'_>,
    ) -> Typed {
        let (state, count) = (scope.said(object.expression.start), object.fields.len());
        let name = variant.unraw().to_string();
        let arguments = quote!(#state, #name, #count, #is_tuple);
        let check = Check::new("variant_literal", quote!(#ty), arguments);
        let position = check.constant(variant.span(), variant.span());
        let made = self.items.alias(&quote!(_OfVariant<#ty, #position>));
        let code = self.object(scope, &quote!(#made), &object.site(scope), object);
        Typed { ty: quote!(#ty), code: quote!(#code.0) }
    }

    fn tuple(&mut self, scope: &Scope, path: &Path, object: &Object<'_>) -> Typed {
        let (state, count) = (scope.said(object.expression.start), object.fields.len());
        let name = path_text(path);
        let arguments = quote!(#state, #name, _IsData::<#path>::TYPE, #count);
        let check = Check::new("tuple_literal", TokenStream::new(), arguments);
        let kind = check.constant(object.expression.start, object.expression.start);
        let ty = self.items.alias(&quote!(<#path as _Sound<#kind>>::Type));
        let code = self.in_turn(scope, &ty, object);
        Typed { ty: quote!(#ty), code }
    }

    fn arithmetic(
        &mut self,
        scope: &Scope,
        left: &Expression,
        operator: Operator,
        right: &Expression,
    ) -> Typed {
        // Such a side has the type of the other one.
        let literal = |side: &Expression| match &side.kind {
            ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)) => true,
            ExpressionKind::Constant(path) => variant_of(path).is_none(),
            _ => false,
        };
        let goes = Goes::Named("the other operand".to_owned());
        let (left_side, right_side) = match (literal(left), literal(right)) {
            (true, false) => {
                let right_side = self.natural(scope, right);
                let code = self.place(scope, left, &right_side.ty, &goes);
                (Typed { ty: right_side.ty.clone(), code }, right_side)
            }
            (false, true) => {
                let left_side = self.natural(scope, left);
                let code = self.place(scope, right, &left_side.ty, &goes);
                let ty = left_side.ty.clone();
                (left_side, Typed { ty, code })
            }
            _ => (self.natural(scope, left), self.natural(scope, right)),
        };
        let (a, b) = (&left_side.ty, &right_side.ty);
        let between = between(scope, left, operator, right);
        let kind = Check::new("arithmetic", quote!(#a, #b), quote!(#between))
            .constant(left.start, right.end);
        let operation = self.items.alias(&quote!(_Arithmetic<#a, #kind>));
        let name = format_ident!("{operator:?}");
        let (left, right) = (left_side.code, right_side.code);
        Typed {
            ty: quote!(<#operation as _Operation>::Operand),
            code: scope.unwrapped(
                &quote!(<#operation as _Operation>::compute(#left, _Operator::#name, #right)),
            ),
        }
    }
}

pub(super) fn between(
    scope: &Scope,
    left: &Expression,
    operator: Operator,
    right: &Expression,
) -> TokenStream {
    let (state, left, operator, right) =
        (scope.said(left.start), left.to_string(), operator.symbol(), right.to_string());
    quote!(_check_Between { state: #state, left: #left, operator: #operator, right: #right })
}

/// The value of a text literal.
pub(super) fn text_of(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Literal(Literal::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The field that holds a variable.
pub(crate) fn variable_field(name: &str) -> Ident {
    format_ident!("variable_{name}")
}
