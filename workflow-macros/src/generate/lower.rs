//! Expressions as Rust: the type that each has, and the code that computes it.
//!
//! Every segment, comparison and conversion is a type alias with a constant in it, which the compiler computes to find
//! the implementation, or fails to compute with the message of the check: one error, at the span of the token.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Path;

use crate::context::{self, ContextValue};
use crate::parse::expression::{Operator, variant_of};
use crate::parse::{Expression, ExpressionKind, Literal, Root, SegmentKind, ValuePath};

/// The items that generated code consists of beside its functions: type aliases.
///
/// The compiler names an alias in an error, so each has the name of its state and a number.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) tokens: TokenStream,
    names: Vec<Ident>,
    state: String,
    counts: HashMap<String, usize>,
}

impl Items {
    /// Names the aliases from here on after a state.
    pub(crate) fn begin(&mut self, state: &str) {
        self.state = state.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
        if !self.state.starts_with(|first: char| first.is_ascii_alphabetic()) {
            self.state.insert_str(0, "State");
        }
    }

    /// Declares a type alias and returns its name.
    pub(crate) fn alias(&mut self, ty: &TokenStream) -> Ident {
        let count = self.counts.entry(self.state.clone()).or_default();
        *count += 1;
        let name = format_ident!("_{}_{count}", self.state);
        self.declare(&name, ty);
        name
    }

    /// Declares a type alias of a name.
    pub(crate) fn declare(&mut self, name: &Ident, ty: &TokenStream) {
        self.tokens.extend(quote!(type #name = #ty;));
        self.names.push(name.clone());
    }

    /// Constants that use every alias: the compiler computes the checks of those that are used alone.
    pub(crate) fn uses(&self) -> TokenStream {
        let names = &self.names;
        quote!(#(const _: ::core::option::Option<#names> = _wf::None;)*)
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
}

/// The place that a value goes to, in the words of a message.
#[derive(Clone)]
pub(crate) enum Goes {
    Named(String),
    Argument(TokenStream, usize),
}

impl Goes {
    fn tokens(&self) -> TokenStream {
        match self {
            Self::Named(name) => quote!(_wf::check::Place::Named(#name)),
            Self::Argument(task, position) => quote! {
                _wf::check::Place::Argument(
                    <#task as ::workflow_core::Task>::NAME,
                    <#task as ::workflow_core::Task>::ARGUMENTS,
                    #position,
                )
            },
        }
    }
}

/// Tokens of which the first stands at one span and all others at another, so that an error covers what is between.
pub(crate) fn respan(tokens: TokenStream, start: Span, end: Span) -> TokenStream {
    tokens
        .into_iter()
        .enumerate()
        .map(|(position, mut token)| {
            let span = if position == 0 { start } else { end };
            if let TokenTree::Group(group) = &token {
                let inner = respan(group.stream(), end, end);
                token = TokenTree::Group(Group::new(group.delimiter(), inner));
            }
            token.set_span(span);
            token
        })
        .collect()
}

/// A call of a check, as a constant that fails at a span.
pub(crate) fn constant(call: TokenStream, start: Span, end: Span) -> TokenStream {
    let call = respan(call, start, end);
    TokenTree::Group(Group::new(Delimiter::Brace, call)).into()
}

/// Lowers expressions, and collects the aliases that they need.
pub(crate) struct Lower<'a> {
    pub(crate) items: &'a mut Items,
}

impl Lower<'_> {
    fn site(scope: &Scope, expression: &Expression, goes: &Goes) -> TokenStream {
        let (state, value, place) = (&scope.state, literal_text(expression), goes.tokens());
        quote!(_wf::check::Site { state: #state, value: #value, place: #place })
    }

    /// An expression with the type that it has by itself.
    pub(crate) fn natural(&mut self, scope: &Scope, expression: &Expression) -> Typed {
        let json = quote!(::workflow_core::Json);
        match &expression.kind {
            ExpressionKind::Path(path) => self.path(scope, path),
            ExpressionKind::Literal(Literal::Boolean(value)) => {
                Typed { ty: quote!(bool), code: quote!(#value) }
            }
            ExpressionKind::Literal(Literal::Text(value)) => Typed {
                ty: quote!(::std::string::String),
                code: quote!(::std::string::String::from(#value)),
            },
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
                Typed { ty: quote!(::core::option::Option<#ty>), code: quote!(_wf::Some(#code)) }
            }
            ExpressionKind::Struct(path, fields) => self.structure(scope, expression, path, fields),
            ExpressionKind::Constant(path) => match variant_of(path) {
                Some((ty, _)) => Typed { ty: quote!(#ty), code: quote!(#path) },
                None => Typed { ty: json, code: quote!(_wf::to_json(&#path)?) },
            },
            ExpressionKind::Call(name, arguments) => self.call(scope, name, arguments),
            ExpressionKind::Not(_) => {
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

    /// An expression as a value of the type that its place has.
    pub(crate) fn place(
        &mut self,
        scope: &Scope,
        expression: &Expression,
        target: &TokenStream,
        goes: &Goes,
    ) -> TokenStream {
        let (start, end) = (expression.start, expression.end);
        let site = Self::site(scope, expression, goes);
        let private = quote!(_wf);
        match &expression.kind {
            ExpressionKind::Literal(Literal::Integer(value)) => {
                let kind = constant(
                    quote!(#private::check::fit_integer::<#target>(#site, #value)),
                    start,
                    end,
                );
                let literal = self.items.alias(&quote!(#private::Literal<#target, #kind>));
                quote!(<#literal>::integer(#value)?)
            }
            ExpressionKind::Literal(Literal::Float(value)) => {
                let kind =
                    constant(quote!(#private::check::fit_float::<#target>(#site)), start, end);
                let literal = self.items.alias(&quote!(#private::Literal<#target, #kind>));
                quote!(<#literal>::float(#value)?)
            }
            ExpressionKind::Literal(Literal::Text(value)) => {
                let kind = constant(
                    quote!(#private::check::fit_text::<#target>(#site, #value)),
                    start,
                    end,
                );
                let literal = self.items.alias(&quote!(#private::Literal<#target, #kind>));
                quote!(<#literal>::text(#value)?)
            }
            ExpressionKind::Literal(Literal::Null) => {
                let kind =
                    constant(quote!(#private::check::fit_null::<#target>(#site)), start, end);
                let literal = self.items.alias(&quote!(#private::Literal<#target, #kind>));
                quote!(<#literal>::null()?)
            }
            ExpressionKind::Some(value) => self.place(scope, value, target, goes),
            ExpressionKind::Object(fields) => {
                let names: Vec<String> = fields.iter().map(|(name, _)| name.value()).collect();
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| (name.value(), name.span(), value)).collect();
                self.object(scope, expression, target, &site, &names, &fields, false)
            }
            ExpressionKind::Array(items) => {
                let kind = constant(quote!(#private::check::list::<#target>(#site)), start, end);
                let each = self.items.alias(&quote!(#private::Each<#target, #kind>));
                let item = quote!(<#each as #private::Elements>::Item);
                let goes = Goes::Named("an element of the array".to_owned());
                let items: Vec<TokenStream> =
                    items.iter().map(|value| self.place(scope, value, &item, &goes)).collect();
                quote!(<#each as #private::Elements>::collect(::std::vec![#(#items),*]))
            }
            ExpressionKind::Constant(path) if variant_of(path).is_none() => {
                quote!({ let constant: #target = #path; constant })
            }
            _ => {
                let value = self.natural(scope, expression);
                self.fit(&value, target, &site, start, end)
            }
        }
    }

    /// A value of one type as a value of another.
    pub(crate) fn fit(
        &mut self,
        value: &Typed,
        target: &TokenStream,
        site: &TokenStream,
        start: Span,
        end: Span,
    ) -> TokenStream {
        let Typed { ty, code } = value;
        let kind = constant(quote!(_wf::check::fit::<#ty, #target>(#site)), start, end);
        let fit = self.items.alias(&quote!(_wf::Fit<#ty, #target, #kind>));
        quote!(<#fit as _wf::Conversion>::convert(#code)?)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a template and a struct literal differ in their names alone"
    )]
    fn object(
        &mut self,
        scope: &Scope,
        expression: &Expression,
        target: &TokenStream,
        site: &TokenStream,
        names: &[String],
        fields: &[(String, Span, &Expression)],
        rust_names: bool,
    ) -> TokenStream {
        let private = quote!(_wf);
        let state = &scope.state;
        let check =
            quote!(#private::check::template::<#target>(#site, &[#(#names),*], #rust_names));
        let kind = constant(check, expression.start, expression.end);
        let object = self.items.alias(&quote!(<#target as #private::Sound<#kind>>::Type));
        let mut fill = TokenStream::new();
        for (name, span, value) in fields {
            let check =
                quote!(#private::check::template_field::<#object>(#state, #name, #rust_names));
            let position = constant(check, *span, *span);
            let field = self.items.alias(&quote!(#private::Filled<#object, #position>));
            let ty = quote!(<#field as #private::FieldOf>::Value);
            let value = self.place(scope, value, &ty, &Goes::Named(format!("field `{name}`")));
            fill.extend(quote!(<#field as #private::FieldOf>::fill(&mut slots, #name, #value);));
        }
        quote!({
            let mut slots = <#object as #private::Object>::slots();
            #fill
            <#object as #private::Object>::build(slots)
        })
    }

    fn structure(
        &mut self,
        scope: &Scope,
        expression: &Expression,
        path: &Path,
        fields: &[(Ident, Expression)],
    ) -> Typed {
        if let Some((ty, _)) = variant_of(path) {
            let fields = fields.iter().map(|(name, value)| {
                let Typed { code, .. } = self.natural(scope, value);
                quote!(#name: #code)
            });
            let fields: Vec<TokenStream> = fields.collect();
            return Typed { ty: quote!(#ty), code: quote!(#path { #(#fields),* }) };
        }
        let ty = quote!(#path);
        let names: Vec<String> = fields.iter().map(|(name, _)| name.to_string()).collect();
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name.to_string(), name.span(), value)).collect();
        let site = Self::site(scope, expression, &Goes::Named("the value".to_owned()));
        let code = self.object(scope, expression, &ty, &site, &names, &fields, true);
        Typed { ty, code }
    }

    fn arithmetic(
        &mut self,
        scope: &Scope,
        left: &Expression,
        operator: Operator,
        right: &Expression,
    ) -> Typed {
        let literal = |side: &Expression| {
            matches!(side.kind, ExpressionKind::Literal(Literal::Integer(_) | Literal::Float(_)))
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
        let private = quote!(_wf);
        let kind = constant(
            quote!(#private::check::arithmetic::<#a, #b>(#between)),
            left.start,
            right.end,
        );
        let operation = self.items.alias(&quote!(#private::Arithmetic<#a, #kind>));
        let name = format_ident!("{operator:?}");
        let (left, right) = (left_side.code, right_side.code);
        Typed {
            ty: quote!(<#operation as #private::Operation>::Operand),
            code: quote!(<#operation as #private::Operation>::compute(#left, #private::Operator::#name, #right)?),
        }
    }

    /// A path as an owned value.
    pub(crate) fn path(&mut self, scope: &Scope, path: &ValuePath) -> Typed {
        let (source, skipped) = match self.root(scope, path) {
            Ok(root) => root,
            Err(typed) => return typed,
        };
        let is_list = |kind: &SegmentKind| {
            !matches!(kind, SegmentKind::Name(_) | SegmentKind::Index(_) | SegmentKind::Present)
        };
        let take = source.movable && !path.segments.iter().any(|segment| is_list(&segment.kind));
        let walked = self.walk(scope, path, &source, skipped, take);
        let Typed { ty, code } = walked.typed;
        if walked.many {
            let code = quote!(#code.into_iter().cloned().collect::<::std::vec::Vec<#ty>>());
            return Typed { ty: quote!(::std::vec::Vec<#ty>), code };
        }
        let code = if take { code } else { quote!(_wf::clone(#code)) };
        Typed { ty, code }
    }

    /// A path as a reference, and the type that its last segment is applied to.
    fn borrowed(&mut self, scope: &Scope, path: &ValuePath) -> Borrowed {
        match self.root(scope, path) {
            Ok((source, skipped)) => {
                let walked = self.walk(scope, path, &source, skipped, false);
                let Typed { ty, code } = walked.typed;
                if walked.many {
                    let code =
                        quote!((&#code.into_iter().cloned().collect::<::std::vec::Vec<#ty>>()));
                    return Borrowed {
                        base: quote!(::std::vec::Vec<#ty>),
                        ty: quote!(::std::vec::Vec<#ty>),
                        code,
                    };
                }
                Borrowed { base: walked.base, ty, code }
            }
            Err(Typed { ty, code }) => Borrowed { base: ty.clone(), code: quote!((&#code)), ty },
        }
    }

    /// Where a path starts, and how many of its segments that takes; or the value that it is.
    fn root(&mut self, scope: &Scope, path: &ValuePath) -> Result<(Source, usize), Typed> {
        match &path.root {
            Root::Input => Ok((scope.input.clone(), 0)),
            Root::Item => Ok((scope.item.clone().unwrap_or_else(|| scope.input.clone()), 0)),
            Root::Variable(name) if name == "states" => {
                let is_input = matches!(path.segments.first().map(|segment| &segment.kind), Some(SegmentKind::Name(name)) if name == "input");
                let source = if is_input { &scope.states_input } else { &scope.states_result };
                Ok((source.clone().unwrap_or_else(|| scope.input.clone()), 1))
            }
            Root::Variable(name) => {
                let text = name.to_string();
                let ty = scope.variables.iter().find(|(variable, _)| *variable == text);
                let ty = ty.map_or_else(|| quote!(::workflow_core::Json), |(_, ty)| ty.clone());
                let field = variable_field(&text);
                let place = quote!((*_wf::assigned(&variables.#field, #text)?));
                Ok((Source { ty, place, movable: false }, 0))
            }
            Root::Context => self.context(scope, path),
        }
    }

    fn context(&mut self, scope: &Scope, path: &ValuePath) -> Result<(Source, usize), Typed> {
        let text = path.to_string();
        let value = context::FIELDS
            .iter()
            .find(|field| field.has(&text))
            .map_or(ContextValue::ExecutionId, |field| field.value);
        let string = |code: TokenStream| Err(Typed { ty: quote!(::std::string::String), code });
        let state = &scope.state;
        match value {
            ContextValue::ExecutionId => {
                string(quote!(::std::string::String::from(engine.execution().id())))
            }
            ContextValue::ExecutionName => {
                string(quote!(::std::string::String::from(engine.execution().name())))
            }
            ContextValue::StateMachineName | ContextValue::StateMachineId => {
                string(quote!(::std::string::String::from(engine.execution().definition().name)))
            }
            ContextValue::StateName => string(quote!(::std::string::String::from(#state))),
            ContextValue::ExecutionStartTime => Err(Typed {
                ty: quote!(::workflow_core::Timestamp),
                code: quote!(engine.execution().start_time()),
            }),
            ContextValue::StateEnteredTime => {
                Err(Typed { ty: quote!(::workflow_core::Timestamp), code: quote!(entered_time) })
            }
            ContextValue::StateRetryCount => {
                Err(Typed { ty: quote!(u32), code: quote!(visit.retry_count) })
            }
            ContextValue::MapItemIndex => Err(Typed { ty: quote!(usize), code: quote!(index) }),
            ContextValue::MapItemValue => {
                Ok((scope.map_item.clone().unwrap_or_else(|| scope.input.clone()), 3))
            }
            ContextValue::ExecutionInput => {
                let place =
                    quote!((*_wf::assigned(&variables.execution_input, "$.Execution.Input")?));
                Ok((Source { ty: scope.execution_input.clone(), place, movable: false }, 2))
            }
        }
    }

    /// Follows the segments of a path.
    fn walk(
        &mut self,
        scope: &Scope,
        path: &ValuePath,
        source: &Source,
        skipped: usize,
        take: bool,
    ) -> Walked {
        let place = &source.place;
        let mut walked = Walked {
            typed: Typed {
                ty: source.ty.clone(),
                code: if take { place.clone() } else { quote!((&#place)) },
            },
            base: source.ty.clone(),
            many: false,
        };
        let state = &scope.state;
        let private = quote!(_wf);
        for (position, segment) in path.segments.iter().enumerate().skip(skipped) {
            let Typed { ty, code } = &walked.typed;
            let (text, base) = (path.prefix(position + 1), path.prefix(position));
            let at = quote!(#private::check::At { state: #state, path: #text, base: #base });
            let static_place = place_of(path, position);
            let one = |items: &mut Items, part: TokenStream| {
                let part = items.alias(&part);
                let ty = quote!(<#part as #private::Segment>::Value);
                let code = if walked.many {
                    quote!(#code.into_iter().filter_map(|item| <#part as #private::Segment>::get(item, #static_place).ok()).collect::<::std::vec::Vec<_>>())
                } else if take {
                    quote!(<#part as #private::Segment>::take(#code, #static_place)?)
                } else {
                    quote!(<#part as #private::Segment>::get(#code, #static_place)?)
                };
                Typed { ty, code }
            };
            let each = |items: &mut Items| {
                let kind =
                    constant(quote!(#private::check::each::<#ty>(#at)), segment.span, segment.span);
                let each = items.alias(&quote!(#private::Each<#ty, #kind>));
                (
                    quote!(<#each as #private::Elements>::Item),
                    quote!(<#each as #private::Elements>::each),
                )
            };
            let spread = |elements: TokenStream| {
                if walked.many {
                    quote!(#code.into_iter().flat_map(|item| #elements).collect::<::std::vec::Vec<_>>())
                } else {
                    quote!({ let item = #code; #elements })
                }
            };
            let (typed, many) = match &segment.kind {
                SegmentKind::Name(name) => {
                    let field = constant(
                        quote!(#private::check::field::<#ty>(#at, #name)),
                        segment.span,
                        segment.span,
                    );
                    let part = quote!(#private::Part<#ty, #field, { #private::check::flattened::<#ty>(#name) }>);
                    (one(self.items, part), walked.many)
                }
                SegmentKind::Index(index) => {
                    let element = constant(
                        quote!(#private::check::element::<#ty>(#at, #index)),
                        segment.span,
                        segment.span,
                    );
                    (one(self.items, quote!(#private::Part<#ty, #element, 0>)), walked.many)
                }
                SegmentKind::Present => {
                    let kind = constant(
                        quote!(#private::check::present::<#ty>(#at)),
                        segment.span,
                        segment.span,
                    );
                    (one(self.items, quote!(#private::Present<#ty, #kind>)), walked.many)
                }
                SegmentKind::Wildcard => {
                    let (item, each) = each(self.items);
                    (Typed { ty: item, code: spread(quote!(#each(item))) }, true)
                }
                SegmentKind::Slice(start, end, step) => {
                    let (item, each) = each(self.items);
                    let [start, end, step] = [start, end, step].map(optional);
                    (
                        Typed {
                            ty: item,
                            code: spread(quote!(#private::slice(#each(item), #start, #end, #step))),
                        },
                        true,
                    )
                }
                SegmentKind::Filter(condition) => {
                    let (item, each) = each(self.items);
                    let element =
                        Source { ty: item.clone(), place: quote!((*element)), movable: false };
                    let inner = Scope { item: Some(element), ..scope.clone() };
                    let condition = self.condition(&inner, condition);
                    let code = spread(quote! {
                        #each(item).into_iter().filter(|element| {
                            let element: &#item = *element;
                            #private::filter(|| _wf::Ok(#condition))
                        }).collect::<::std::vec::Vec<_>>()
                    });
                    (Typed { ty: item, code }, true)
                }
                SegmentKind::Descendants(name) => {
                    let kind = constant(
                        quote!(#private::check::descendants::<#ty>(#at)),
                        segment.span,
                        segment.span,
                    );
                    let all = self.items.alias(&quote!(#private::Descendants<#ty, #kind>));
                    let elements = match name {
                        Some(_) => quote!(<#all>::named(item, #static_place)),
                        None => quote!(<#all>::inner(item)),
                    };
                    (Typed { ty: quote!(::workflow_core::Json), code: spread(elements) }, true)
                }
            };
            walked = Walked { base: walked.typed.ty, typed, many };
        }
        walked
    }

    /// A path as a place to write to: its type, and the code that borrows it from `target`.
    pub(crate) fn place_in(&mut self, scope: &Scope, path: &ValuePath, source: &Source) -> Typed {
        let state = &scope.state;
        let private = quote!(_wf);
        let place = &source.place;
        let mut typed = Typed { ty: source.ty.clone(), code: quote!((&mut #place)) };
        for (position, segment) in path.segments.iter().enumerate() {
            let Typed { ty, code } = &typed;
            let (text, base) = (path.prefix(position + 1), path.prefix(position));
            let at = quote!(#private::check::At { state: #state, path: #text, base: #base });
            let static_place = place_of(path, position);
            let part = match &segment.kind {
                SegmentKind::Index(index) => {
                    let element = constant(
                        quote!(#private::check::element::<#ty>(#at, #index)),
                        segment.span,
                        segment.span,
                    );
                    quote!(#private::Part<#ty, #element, 0>)
                }
                kind => {
                    let SegmentKind::Name(name) = kind else { continue };
                    let field = constant(
                        quote!(#private::check::field::<#ty>(#at, #name)),
                        segment.span,
                        segment.span,
                    );
                    quote!(#private::Part<#ty, #field, { #private::check::flattened::<#ty>(#name) }>)
                }
            };
            let part = self.items.alias(&part);
            typed = Typed {
                ty: quote!(<#part as #private::Segment>::Value),
                code: quote!(<#part as #private::Segment>::get_mut(#code, #static_place)?),
            };
        }
        typed
    }

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
                self.comparison(scope, left, *operator, right)
            }
            ExpressionKind::Call(name, arguments) if is_test(name) => {
                self.test(scope, name, arguments)
            }
            _ => {
                let Borrowed { ty, code, .. } = self.operand(scope, expression);
                let (state, text) = (&scope.state, expression.to_string());
                let private = quote!(_wf);
                let kind = constant(
                    quote!(#private::check::truth::<#ty>(#state, #text)),
                    expression.start,
                    expression.end,
                );
                let truth = self.items.alias(&quote!(#private::Truth<#ty, #kind>));
                quote!(<#truth>::of(#code)?)
            }
        }
    }

    /// An operand by reference.
    fn operand(&mut self, scope: &Scope, expression: &Expression) -> Borrowed {
        if let ExpressionKind::Path(path) = &expression.kind {
            return self.borrowed(scope, path);
        }
        let Typed { ty, code } = self.natural(scope, expression);
        Borrowed { base: ty.clone(), ty, code: quote!((&#code)) }
    }

    fn comparison(
        &mut self,
        scope: &Scope,
        left: &Expression,
        operator: Operator,
        right: &Expression,
    ) -> TokenStream {
        let is_constant = |side: &Expression| {
            matches!(side.kind, ExpressionKind::Literal(_) | ExpressionKind::Constant(_))
        };
        if is_constant(left) && !is_constant(right) {
            return self.comparison(scope, right, operator.mirrored(), left);
        }
        let Borrowed { ty, code, base } = self.operand(scope, left);
        let private = quote!(_wf);
        let between = between(scope, left, operator, right);
        let (start, end) = (right.start, right.end);
        let mut with_literal = |check: TokenStream, call: TokenStream| {
            let kind = constant(check, start, end);
            let compare = self.items.alias(&quote!(#private::CompareLiteral<#ty, #kind>));
            quote!(<#compare>::#call)
        };
        let order = match &right.kind {
            ExpressionKind::Literal(Literal::Integer(value)) => with_literal(
                quote!(#private::check::compare_integer::<#ty>(#between, #value)),
                quote!(integer(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Float(value)) => with_literal(
                quote!(#private::check::compare_float::<#ty>(#between)),
                quote!(float(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Text(value)) => with_literal(
                quote!(#private::check::compare_text::<#ty>(#between, #value)),
                quote!(text(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Boolean(value)) => with_literal(
                quote!(#private::check::compare_boolean::<#ty>(#between)),
                quote!(boolean(#code, #value)),
            ),
            ExpressionKind::Literal(Literal::Null) => {
                let test = self.absence(scope, left, &Borrowed { ty, code, base }, "is_null");
                return if operator == Operator::NotEqual { quote!(!#test) } else { test };
            }
            ExpressionKind::Constant(path) => match variant_of(path) {
                Some((enumeration, variant)) => {
                    let name = variant.to_string();
                    let check =
                        quote!(#private::check::variant::<#ty, #enumeration>(#between, #name));
                    let position = constant(check, variant.span(), variant.span());
                    let is = self.items.alias(&quote!(#private::Is<#ty, #position>));
                    quote!(<#is>::order(#code))
                }
                None => {
                    let kind = constant(
                        quote!(#private::check::compare::<#ty, #ty>(#between)),
                        start,
                        end,
                    );
                    let compare = self.items.alias(&quote!(#private::Compare<#ty, #ty, #kind>));
                    quote!(<#compare as #private::Comparison>::order(#code, { let constant: &#ty = &#path; constant }))
                }
            },
            _ => {
                let Borrowed { ty: other, code: other_code, .. } = self.operand(scope, right);
                let kind = constant(
                    quote!(#private::check::compare::<#ty, #other>(#between)),
                    left.start,
                    end,
                );
                let compare = self.items.alias(&quote!(#private::Compare<#ty, #other, #kind>));
                quote!(<#compare as #private::Comparison>::order(#code, #other_code))
            }
        };
        let ordering = quote!(::core::cmp::Ordering);
        let pattern = match operator {
            Operator::Less => quote!(#ordering::Less),
            Operator::LessEqual => quote!(#ordering::Less | #ordering::Equal),
            Operator::Greater => quote!(#ordering::Greater),
            Operator::GreaterEqual => quote!(#ordering::Greater | #ordering::Equal),
            _ => quote!(#ordering::Equal),
        };
        let holds = quote!(::core::matches!(#order, _wf::Some(#pattern)));
        if operator == Operator::NotEqual { quote!(!#holds) } else { holds }
    }

    /// `is_present`, `is_null`, the type tests, `string_matches`.
    fn test(&mut self, scope: &Scope, name: &Ident, arguments: &[Expression]) -> TokenStream {
        let Some(argument) = arguments.first() else { return quote!(false) };
        let value = self.operand(scope, argument);
        let (state, text, test) = (&scope.state, argument.to_string(), name.to_string());
        let private = quote!(_wf);
        match test.as_str() {
            "is_present" => {
                let test = self.absence(scope, argument, &value, "is_present");
                quote!(#private::filter(|| _wf::Ok(#test)))
            }
            "is_null" => self.absence(scope, argument, &value, "is_null"),
            "string_matches" => {
                let Borrowed { ty, code, .. } = value;
                let pattern = arguments.get(1).map_or(String::new(), text_of);
                let kind = constant(
                    quote!(#private::check::pattern::<#ty>(#state, #text)),
                    argument.start,
                    argument.end,
                );
                let matches = self.items.alias(&quote!(#private::Pattern<#ty, #kind>));
                quote!(<#matches>::matches(#code, #pattern))
            }
            _ => {
                let Borrowed { ty, code, .. } = value;
                let kind = constant(
                    quote!(#private::check::type_test::<#ty>(#state, #text, #test)),
                    argument.start,
                    argument.end,
                );
                let alias = self.items.alias(&quote!(#private::TypeTest<#ty, #kind>));
                quote!(<#alias>::#name(#code))
            }
        }
    }

    fn absence(
        &mut self,
        scope: &Scope,
        argument: &Expression,
        value: &Borrowed,
        test: &str,
    ) -> TokenStream {
        let (state, text) = (&scope.state, argument.to_string());
        let Borrowed { ty, code, base } = value;
        let name = format_ident!("{test}");
        let private = quote!(_wf);
        let check = quote!(#private::check::absence::<#ty, #base>(#state, #text, #test));
        let kind = constant(check, argument.start, argument.end);
        let absence = self.items.alias(&quote!(#private::Absence<#ty, #kind>));
        quote!(<#absence>::#name(#code))
    }

    /// A call of an intrinsic function.
    fn call(&mut self, scope: &Scope, name: &Ident, arguments: &[Expression]) -> Typed {
        if is_test(name) {
            let code = self.test(scope, name, arguments);
            return Typed { ty: quote!(bool), code };
        }
        let function = quote!(_wf::intrinsic::#name);
        let text = name.to_string();
        let string = quote!(::std::string::String);
        let list = |ty: TokenStream| quote!(::std::vec::Vec<#ty>);
        let mut argument = |position: usize, ty: &TokenStream| match arguments.get(position) {
            Some(value) => self.place(
                scope,
                value,
                ty,
                &Goes::Named(format!("argument {} of `{text}`", position + 1)),
            ),
            None => quote!(::workflow_core::Json::Null),
        };
        let json = quote!(::workflow_core::Json);
        match text.as_str() {
            "timestamp" => {
                let Some(value) = arguments.first() else {
                    return Typed { ty: quote!(::workflow_core::Timestamp), code: quote!() };
                };
                self.timestamp(scope, value)
            }
            "format" => {
                let template = arguments.first().map_or(String::new(), text_of);
                let values: Vec<TokenStream> =
                    (1..arguments.len()).map(|position| argument(position, &json)).collect();
                Typed { ty: string, code: quote!(#function(#template, &[#(#values),*])?) }
            }
            "array" => {
                let values: Vec<TokenStream> =
                    (0..arguments.len()).map(|position| argument(position, &json)).collect();
                Typed { ty: json, code: quote!(#function(::std::vec![#(#values),*])) }
            }
            "uuid" => Typed { ty: string, code: quote!(#function()) },
            "string_to_json" | "base64_encode" | "base64_decode" => {
                let value = argument(0, &string);
                let ty = if text == "string_to_json" { json } else { string };
                Typed { ty, code: quote!(#function(&#value)?) }
            }
            "string_split" => {
                let (value, separators) = (argument(0, &string), argument(1, &string));
                Typed { ty: list(string), code: quote!(#function(&#value, &#separators)) }
            }
            "hash" => {
                let (value, algorithm) = (argument(0, &json), argument(1, &string));
                Typed { ty: string, code: quote!(#function(&#value, &#algorithm)?) }
            }
            "json_to_string" => {
                let value = argument(0, &json);
                Typed { ty: string, code: quote!(#function(&#value)) }
            }
            "json_merge" => {
                let (first, second, deep) =
                    (argument(0, &json), argument(1, &json), argument(2, &quote!(bool)));
                Typed { ty: json, code: quote!(#function(&#first, &#second, #deep)?) }
            }
            "array_get_item" | "array_partition" | "array_unique" => {
                self.typed_list(scope, name, arguments)
            }
            _ => {
                let values: Vec<TokenStream> =
                    (0..arguments.len()).map(|position| argument(position, &json)).collect();
                let ty = match text.as_str() {
                    "array_contains" => quote!(bool),
                    "array_range" => list(quote!(i64)),
                    _ => quote!(i64),
                };
                let code = match (text.as_str(), values.as_slice()) {
                    ("math_random", [start, end]) => {
                        quote!(#function(&#start, &#end, _wf::None)?)
                    }
                    ("math_random", [start, end, seed]) => {
                        quote!(#function(&#start, &#end, _wf::Some(&#seed))?)
                    }
                    (_, values) => quote!(#function(#(&#values),*)?),
                };
                Typed { ty, code }
            }
        }
    }

    /// The functions whose result has the type of the list's items.
    fn typed_list(&mut self, scope: &Scope, name: &Ident, arguments: &[Expression]) -> Typed {
        let private = quote!(_wf);
        let Some(first) = arguments.first() else {
            return Typed { ty: quote!(::workflow_core::Json), code: quote!() };
        };
        let Typed { ty, code } = self.natural(scope, first);
        let (state, text) = (&scope.state, first.to_string());
        let at = quote!(#private::check::At { state: #state, path: #text, base: #text });
        let kind = constant(quote!(#private::check::each::<#ty>(#at)), first.start, first.end);
        let each = self.items.alias(&quote!(#private::Each<#ty, #kind>));
        let item = quote!(<#each as #private::Elements>::Item);
        let mut rest = Vec::new();
        for (position, argument) in arguments.iter().enumerate().skip(1) {
            let goes = Goes::Named(format!("argument {} of `{name}`", position + 1));
            rest.push(self.place(scope, argument, &quote!(::workflow_core::Json), &goes));
        }
        let result =
            quote!(#private::intrinsic::#name(&#private::to_json::<#ty>(&#code)? #(, &#rest)*)?);
        let ty = match name.to_string().as_str() {
            "array_get_item" => item,
            "array_partition" => quote!(::std::vec::Vec<::std::vec::Vec<#item>>),
            _ => quote!(::std::vec::Vec<#item>),
        };
        Typed {
            code: quote!(#private::from_json::<#ty>(::core::convert::Into::into(#result))?),
            ty,
        }
    }

    /// An expression as a timestamp.
    pub(crate) fn timestamp(&mut self, scope: &Scope, value: &Expression) -> Typed {
        let private = quote!(_wf);
        let ty = quote!(::workflow_core::Timestamp);
        if let ExpressionKind::Literal(_) = &value.kind {
            let code = self.place(scope, value, &ty, &Goes::Named("the time".to_owned()));
            return Typed { ty, code };
        }
        let Borrowed { ty: given, code, .. } = self.operand(scope, value);
        let (state, text) = (&scope.state, value.to_string());
        let kind = constant(
            quote!(#private::check::timestamp::<#given>(#state, #text)),
            value.start,
            value.end,
        );
        let time = self.items.alias(&quote!(#private::Time<#given, #kind>));
        Typed { ty, code: quote!(<#time>::of(#code)?) }
    }

    /// An expression as a duration in seconds.
    pub(crate) fn seconds(&mut self, scope: &Scope, value: &Expression) -> TokenStream {
        let private = quote!(_wf);
        let Typed { ty, code } = self.natural(scope, value);
        let (state, text) = (&scope.state, value.to_string());
        let kind = constant(
            quote!(#private::check::seconds::<#ty>(#state, #text)),
            value.start,
            value.end,
        );
        let seconds = self.items.alias(&quote!(#private::Seconds<#ty, #kind>));
        quote!(<#seconds>::duration(#code)?)
    }
}

/// A reference to a value, and the type that the last segment of its path is applied to.
struct Borrowed {
    ty: TokenStream,
    code: TokenStream,
    base: TokenStream,
}

/// How far a path is followed.
struct Walked {
    typed: Typed,
    base: TokenStream,
    /// Whether the code gives a list of references.
    many: bool,
}

fn between(
    scope: &Scope,
    left: &Expression,
    operator: Operator,
    right: &Expression,
) -> TokenStream {
    let (state, left, operator, right) =
        (&scope.state, left.to_string(), operator.symbol(), right.to_string());
    quote!(_wf::check::Between { state: #state, left: #left, operator: #operator, right: #right })
}

fn is_test(name: &Ident) -> bool {
    let name = name.to_string();
    name.starts_with("is_") || name == "string_matches"
}

fn optional(bound: &Option<i64>) -> TokenStream {
    match bound {
        Some(bound) => quote!(_wf::Some(#bound)),
        None => quote!(_wf::None),
    }
}

/// The value of a text literal.
fn text_of(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Literal(Literal::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// An expression as a message quotes it.
fn literal_text(expression: &Expression) -> String {
    expression.to_string()
}

/// The static description of where in a path a segment stands.
fn place_of(path: &ValuePath, position: usize) -> TokenStream {
    let private = quote!(_wf);
    let key = match &path.segments[position].kind {
        SegmentKind::Name(name) | SegmentKind::Descendants(Some(name)) => {
            quote!(#private::Key::Name(#name))
        }
        SegmentKind::Index(index) => quote!(#private::Key::Index(#index)),
        _ => quote!(#private::Key::Index(0)),
    };
    let (text, normalized) = (path.to_string(), path.normalized(position + 1));
    let last = position + 1 == path.segments.len();
    quote!(&#private::Place { path: #text, normalized: #normalized, key: #key, last: #last })
}

/// The field that holds a variable.
pub(crate) fn variable_field(name: &str) -> Ident {
    format_ident!("variable_{name}")
}
