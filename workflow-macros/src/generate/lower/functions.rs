//! Calls of intrinsic functions, and values that stand for a time.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::conditions::is_test;
use super::paths::Borrowed;
use super::places::type_of;
use super::{Goes, Lower, Scope, Typed, text_of};
use crate::generate::check::Check;
use workflow_syntax::intrinsics::kind;
use workflow_syntax::parse::{Expression, ExpressionKind, Limit, Name};

impl Lower<'_> {
    /// A call of an intrinsic function.
    pub(super) fn call(&mut self, scope: &Scope, name: &Name, arguments: &[Expression]) -> Typed {
        if is_test(name) {
            let code = self.test(scope, name, arguments);
            return Typed { ty: quote!(bool), code };
        }
        let ident = name.ident();
        let function = quote!(_intrinsic::#ident);
        let text = name.to_string();
        let string = quote!(_String);
        let list = |ty: TokenStream| quote!(_Vec<#ty>);
        let mut argument = |position: usize, ty: &TokenStream| match arguments.get(position) {
            Some(value) => {
                let goes = Goes::Named(format!("argument {} of `{text}`", position + 1));
                let value = self.place(scope, value, ty, &goes);
                // Where the value is no type, its place still is one.
                quote!({ let argument: #ty = #value; argument })
            }
            None => quote!(_Json::Null),
        };
        let json = quote!(_Json);
        match text.as_str() {
            "timestamp" => {
                let Some(value) = arguments.first() else {
                    return Typed { ty: quote!(_Timestamp), code: quote!() };
                };
                self.timestamp(scope, value)
            }
            "format" => {
                let template = match arguments.first() {
                    Some(value) if !matches!(value.kind, ExpressionKind::Literal(_)) => {
                        let text = argument(0, &string);
                        quote!(&#text)
                    }
                    literal => literal.map_or(String::new(), text_of).to_token_stream(),
                };
                let values: Vec<TokenStream> =
                    (1..arguments.len()).map(|position| argument(position, &json)).collect();
                Typed {
                    ty: string,
                    code: scope.unwrapped(&quote!(#function(#template, &[#(#values),*]))),
                }
            }
            "array" => {
                let values: Vec<TokenStream> =
                    (0..arguments.len()).map(|position| argument(position, &json)).collect();
                Typed { ty: json, code: quote!(#function(::std::vec![#(#values),*])) }
            }
            // Data as they are, without their type.
            "json" => {
                let code = argument(0, &json);
                Typed { ty: json, code }
            }
            "uuid" => Typed { ty: string, code: quote!(#function()) },
            "string_to_json" | "base64_encode" | "base64_decode" => {
                let value = argument(0, &string);
                let ty = if text == "string_to_json" { json } else { string };
                Typed { ty, code: scope.unwrapped(&quote!(#function(&#value))) }
            }
            "string_split" => {
                let (value, separators) = (argument(0, &string), argument(1, &string));
                Typed { ty: list(string), code: quote!(#function(&#value, &#separators)) }
            }
            "hash" => {
                let (value, algorithm) = (argument(0, &json), argument(1, &string));
                Typed {
                    ty: string,
                    code: scope.unwrapped(&quote!(#function(&#value, &#algorithm))),
                }
            }
            "json_to_string" => {
                let value = argument(0, &json);
                Typed { ty: string, code: quote!(#function(&#value)) }
            }
            "json_merge" => {
                let deep = argument(2, &quote!(bool));
                let [first, second] =
                    [0, 1].map(|position| self.dynamic(scope, name, arguments, position).code);
                Typed {
                    ty: json,
                    code: scope.unwrapped(&quote!(#function(&#first, &#second, #deep))),
                }
            }
            "array_get_item" | "array_partition" | "array_unique" => {
                self.typed_list(scope, name, arguments)
            }
            "array_contains" => self.contains(scope, name, arguments),
            _ => {
                let values: Vec<TokenStream> = (0..arguments.len())
                    .map(|position| self.dynamic(scope, name, arguments, position).code)
                    .collect();
                let ty = match text.as_str() {
                    "array_range" => list(quote!(i64)),
                    _ => quote!(i64),
                };
                let code = match (text.as_str(), values.as_slice()) {
                    ("math_random", [start, end]) => {
                        scope.unwrapped(&quote!(#function(&#start, &#end, _None)))
                    }
                    ("math_random", [start, end, seed]) => {
                        scope.unwrapped(&quote!(#function(&#start, &#end, _Some(&#seed))))
                    }
                    (_, values) => scope.unwrapped(&quote!(#function(#(&#values),*))),
                };
                Typed { ty, code }
            }
        }
    }

    /// An argument of any type whose JSON is of one kind, as data without a type. Beside it the type that it has.
    fn dynamic(
        &mut self,
        scope: &Scope,
        name: &Name,
        arguments: &[Expression],
        position: usize,
    ) -> Typed {
        let json = quote!(_Json);
        let Some(value) = arguments.get(position) else {
            return Typed { ty: json, code: quote!(_Json::Null) };
        };
        let goes = Goes::Named(format!("argument {} of `{name}`", position + 1));
        let Some(kind) = kind(&name.text, position).filter(|_| !value.is_template()) else {
            let code = self.place(scope, value, &json, &goes);
            return Typed { ty: json, code };
        };
        let Typed { ty, code } = self.natural(scope, value);
        let site = scope.site(&value.to_string(), &goes, value.start);
        let (kind, is_asl) = (format_ident!("{kind:?}"), self.is_asl);
        let check =
            Check::new("of_kind", quote!(#ty), quote!(#site, _check_JsonKind::#kind, #is_asl));
        self.items.check(&check.at(value.start, value.end));
        let code = scope.unwrapped(&quote!(_convert::<#ty, _Json>(#code)));
        Typed { ty, code }
    }

    /// Whether a list has a value that its items may be equal to.
    fn contains(&mut self, scope: &Scope, name: &Name, arguments: &[Expression]) -> Typed {
        let ty = quote!(bool);
        let [list, value] = arguments else { return Typed { ty, code: quote!(false) } };
        let Typed { ty: list_ty, code: array } = self.dynamic(scope, name, arguments, 0);
        let Typed { ty: item, code } = self.natural(scope, value);
        let goes = Goes::Named(format!("an element of `{list}`"));
        let site = scope.site(&value.to_string(), &goes, value.start);
        let check = Check::new("contained", quote!(#list_ty, #item), quote!(#site));
        self.items.check(&check.at(value.start, value.end));
        let value = scope.unwrapped(&quote!(_convert::<#item, _Json>(#code)));
        let code = quote!(_intrinsic::array_contains(&#array, &#value));
        Typed { ty, code: scope.unwrapped(&code) }
    }

    /// The functions whose result has the type of the list's items.
    pub(super) fn typed_list(
        &mut self,
        scope: &Scope,
        name: &Name,
        arguments: &[Expression],
    ) -> Typed {
        let Some(first) = arguments.first() else {
            return Typed { ty: quote!(_Json), code: quote!() };
        };
        let Typed { ty, code } = self.natural(scope, first);
        let (state, text) = (scope.said(first.start), first.to_string());
        let at = quote!(_check_At { state: #state, path: #text, base: #text });
        let kind = Check::new("each", quote!(#ty), quote!(#at)).constant(first.start, first.end);
        let each = self.items.alias(&quote!(_Each<#ty, #kind>));
        let item = quote!(<#each as _Elements>::Item);
        let rest: Vec<TokenStream> = (1..arguments.len())
            .map(|position| self.dynamic(scope, name, arguments, position).code)
            .collect();
        let ident = name.ident();
        let list = scope.unwrapped(&quote!(_to_json::<#ty>(&#code)));
        let result = scope.unwrapped(&quote!(_intrinsic::#ident(&#list #(, &#rest)*)));
        let ty = match name.to_string().as_str() {
            "array_get_item" => item,
            "array_partition" => quote!(_Vec<_Vec<#item>>),
            _ => quote!(_Vec<#item>),
        };
        Typed { code: scope.unwrapped(&quote!(_from_json::<#ty>(_Into::into(#result)))), ty }
    }

    /// A number that a field of ASL has, or that its path leads to.
    pub(crate) fn path_field(
        &mut self,
        scope: &Scope,
        value: &Expression,
        field: &str,
        kind: &str,
    ) -> TokenStream {
        let (at, read) = (path_field(value, field), format_ident!("{kind}"));
        let Typed { ty, code } = self.natural(scope, value);
        scope.unwrapped(&quote!(#at.#read::<#ty>(_evaluate(|| _Ok(#code)))))
    }

    /// An expression as a timestamp.
    pub(crate) fn timestamp(&mut self, scope: &Scope, value: &Expression) -> Typed {
        let ty = quote!(_Timestamp);
        if let ExpressionKind::Literal(_) = &value.kind {
            let code = self.place(scope, value, &ty, &Goes::Named("the time".to_owned()));
            return Typed { ty, code };
        }
        let Borrowed { ty: given, code, .. } = self.operand(scope, value);
        let (state, text) = (scope.said(value.start), value.to_string());
        let kind = Check::new("timestamp", quote!(#given), quote!(#state, #text))
            .constant(value.start, value.end);
        let time = self.items.alias(&quote!(_Time<#given, #kind>));
        if self.is_asl && matches!(value.kind, ExpressionKind::Path(_)) {
            let at = path_field(value, "TimestampPath");
            let found = quote!(_evaluate(|| _Ok(_clone(#code))));
            let read = quote!(#at.timestamp::<#given>(#found, |value| <#time>::of(value)));
            return Typed { ty, code: scope.unwrapped(&read) };
        }
        Typed { ty, code: scope.unwrapped(&quote!(<#time>::of(#code))) }
    }

    /// A limit of time as a duration; `field` is the name of the field that names it by a path.
    pub(crate) fn limit(&mut self, scope: &Scope, limit: &Limit, field: &str) -> TokenStream {
        match limit {
            Limit::Fixed(duration) => crate::generate::definition::duration(duration.value),
            Limit::Seconds(value) => self.seconds(scope, value, field),
        }
    }

    /// An expression as a duration in seconds.
    fn seconds(&mut self, scope: &Scope, value: &Expression, field: &str) -> TokenStream {
        if let ExpressionKind::Constant(path) = &value.kind {
            let (state, text) = (scope.said(value.start), value.to_string());
            let ty = type_of(path, value.end);
            let check = Check::new("time_constant", TokenStream::new(), quote!(#state, #text, #ty));
            self.items.check(&check.at(value.start, value.end));
            return scope.unwrapped(&quote!(_time(&#path)));
        }
        let Typed { ty, code } = self.natural(scope, value);
        let (state, text) = (scope.said(value.start), value.to_string());
        let kind = Check::new("seconds", quote!(#ty), quote!(#state, #text))
            .constant(value.start, value.end);
        let seconds = self.items.alias(&quote!(_Seconds<#ty, #kind>));
        if self.is_asl {
            let at = path_field(value, field);
            let found = quote!(_evaluate(|| _Ok(#code)));
            return scope.unwrapped(&quote!(#at.seconds::<#ty>(#found, <#seconds>::duration)));
        }
        scope.unwrapped(&quote!(<#seconds>::duration(#code)))
    }
}

/// A field of ASL with its path.
fn path_field(value: &Expression, field: &str) -> TokenStream {
    let path = value.to_string();
    quote!((_PathField { field: #field, path: #path }))
}
