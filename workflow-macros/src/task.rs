//! `#[task]`: keeps an async function as it is written, and makes a type of its name a `Task`.
//!
//! The signature is read in [`signature`], and what its parameters are for is decided in [`roles`]. What the type of
//! several arguments looks like is `derive(Data)`'s ([`object`]).

mod roles;
mod signature;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Generics, Type};

use crate::data::{Subject, case, data_check, ends, is_std, object, output_check, written};
use crate::generate::check::Check;
use roles::{Argument, Pass, Returned, Roles};
use signature::Signature;

/// Writes the function, its task, and what is wrong with it.
pub(crate) fn attribute(arguments: TokenStream, function: TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    if !arguments.is_empty() {
        let text = "`#[task]` takes no arguments\nhelp: retries, timeouts and names belong to the state that calls it";
        errors.push(syn::Error::new_spanned(&arguments, text));
    }
    let task = match syn::parse2::<Signature>(function.clone()) {
        Ok(signature) => task(&signature, &mut errors),
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#(#errors)* #function #task)
}

/// The type of the function's name and its implementation of `Task`; nothing for a method, which has no such name.
fn task(signature: &Signature, errors: &mut Vec<syn::Error>) -> TokenStream {
    let known = errors.len();
    let Some(roles) = Roles::of(signature, errors) else { return TokenStream::new() };
    let call = if errors.len() == known { call(signature, &roles) } else { unreachable_call() };
    let name = declare(signature);
    let arguments = arguments(signature, &roles);
    let implementation = implement(signature, &roles, &call);
    let conditions = conditions(signature);
    quote! {
        #name
        #(#conditions)*
        const _: () = {
            use ::workflow_core::private::names::*;
            #arguments
            #implementation
        };
    }
}

fn conditions(signature: &Signature) -> impl Iterator<Item = &Attribute> {
    signature.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

/// The type that a workflow names. It has no values, so the function keeps its name among values.
fn declare(signature: &Signature) -> TokenStream {
    let Signature { attributes, visibility, ident, .. } = signature;
    let copied = attributes
        .iter()
        .filter(|attribute| ["doc", "cfg"].iter().any(|name| attribute.path().is_ident(name)));
    quote! {
        #(#copied)*
        #[allow(non_camel_case_types, missing_debug_implementations, missing_docs)]
        #visibility enum #ident {}
    }
}

/// The name of the type of several arguments: `ChargeArguments` for `charge`.
fn arguments_ident(signature: &Signature) -> Ident {
    let name = case::pascal(&signature.ident.unraw().to_string());
    format_ident!(
        "{name}Arguments",
        span = signature.ident.span().resolved_at(proc_macro2::Span::mixed_site())
    )
}

/// The object of several arguments.
///
/// The type is generic, so that the derives do not name the types of the arguments: where one of them is not `Data`, the task's
/// input says so, and nothing else does.
fn arguments(signature: &Signature, roles: &Roles) -> Option<TokenStream> {
    if roles.arguments.len() < 2 {
        return None;
    }
    let ident = arguments_ident(signature);
    let visibility = &signature.visibility;
    let parameters: Vec<Ident> =
        (0..roles.arguments.len()).map(|position| format_ident!("T{position}")).collect();
    let fields: Vec<&Ident> = roles.arguments.iter().map(|argument| &argument.ident).collect();
    let name = signature.ident.unraw().to_string();
    let implementations = arguments_data((&ident, &name), &parameters, &roles.arguments);
    Some(quote! {
        #[derive(
            ::core::clone::Clone,
            ::workflow_core::private::serde::Serialize,
            ::workflow_core::private::serde::Deserialize,
        )]
        #[serde(crate = "::workflow_core::private::serde", rename = #name)]
        #visibility struct #ident<#(#parameters),*> { #(#fields: #parameters),* }
        #implementations
    })
}

fn arguments_data(
    (ident, name): (&Ident, &str),
    parameters: &[Ident],
    arguments: &[Argument],
) -> TokenStream {
    let fields: Vec<object::Field<'_>> =
        arguments.iter().map(|Argument { ident, ty }| object::Field::plain(ident, ty)).collect();
    let types: Vec<&Type> = arguments.iter().map(|argument| &argument.ty).collect();
    let generics: Generics = syn::parse_quote!(<#(#parameters),*>);
    object::implement_generic(
        &Subject::new(ident, &generics).called(name.to_owned()),
        parameters,
        &Subject::with_types(ident, &types),
        &fields,
    )
}

/// The object of several arguments with its types, and with a span from the first of them to the last.
fn arguments_type(signature: &Signature, arguments: &[Argument]) -> TokenStream {
    let types = arguments.iter().map(|argument| &argument.ty);
    let tokens = quote!(#(#types),*);
    let (first, last) = ends(&tokens);
    let ident = arguments_ident(signature);
    let ident = Ident::new(&ident.to_string(), first.resolved_at(ident.span()));
    let end = quote_spanned!(last=> >);
    quote!(#ident<#tokens #end)
}

fn implement(signature: &Signature, roles: &Roles, call: &TokenStream) -> TokenStream {
    let ident = &signature.ident;
    let name = ident.unraw().to_string();
    let names = roles.arguments.iter().map(|argument| argument.ident.unraw().to_string());
    let types = Types::of(signature, roles);
    let declaration = types.declare();
    let [input, output, error, resources] = types.associated();
    let text = roles.resources.as_ref().map_or(String::new(), written);
    let has_context = roles.passes.iter().any(|pass| matches!(pass, Pass::Context));
    quote! {
        #declaration

        #[automatically_derived]
        impl _Task for #ident {
            const SIGNATURE: &'static _Signature =
                &_Signature {
                    name: #name,
                    arguments: &[#(#names),*],
                    resources: #text,
                    has_context: #has_context,
                    is_workflow: false,
                };
            #input
            #output
            #error
            #resources
            #call
        }
    }
}

/// The beginning of a type of the task. What is wrong with it as a whole, such as its visibility, is said there.
fn begin(name: &str, first: Span) -> TokenStream {
    let name = Ident::new(name, first);
    quote_spanned!(first=> type #name)
}

/// The types of a task, and the checks that hold them to what they have to be.
struct Types {
    input: TokenStream,
    output: TokenStream,
    error: TokenStream,
    resources: TokenStream,
    /// The declaration of what the function gives back, where it may be an alias of a `Result`.
    given: Option<TokenStream>,
    checks: Vec<TokenStream>,
}

impl Types {
    fn of(signature: &Signature, roles: &Roles) -> Self {
        let input = match roles.arguments.as_slice() {
            [] => quote!(()),
            [argument] => argument.ty.to_token_stream(),
            arguments => arguments_type(signature, arguments),
        };
        let given = roles.arguments.iter();
        let checks = given.filter_map(|argument| data(&argument.ty, data_check)).collect();
        let mut types = Self {
            input,
            output: quote!(()),
            error: quote!(::core::convert::Infallible),
            resources: quote!(_Nothing),
            given: None,
            checks,
        };
        types.returned(&roles.returned);
        if let Some(ty) = &roles.resources {
            types.checks.push(check(ty, "shared", "IsShared"));
            let needs = quote_spanned!(ends(ty).0=> _Needs);
            types.resources = quote!(#needs<#ty>);
        }
        types
    }

    fn returned(&mut self, returned: &Returned) {
        match returned {
            Returned::Nothing => {}
            Returned::Result(output, error) => {
                self.checks.extend(data(output, data_check));
                self.checks.push(check(error, "task_error", "IsTaskError"));
                (self.output, self.error) = (output.to_token_stream(), error.to_token_stream());
            }
            Returned::Data(ty) => {
                self.checks.extend(data(ty, output_check));
                self.output = ty.to_token_stream();
            }
            Returned::Alias(ty) => self.alias(ty),
            Returned::Wrong => (self.output, self.error) = (quote!(_Json), quote!(_ErrorOutput)),
        }
    }

    /// Data, or a `Result` by any name: a trait tells what it is.
    fn alias(&mut self, ty: &Type) {
        let (text, (first, last)) = (written(ty), ends(ty));
        let arguments = quote!(#text, _IsReturned::<#ty>::ANSWER);
        let kind = Check::new("data", TokenStream::new(), arguments).constant(first, last);
        self.given = Some(quote!(type _Given = <#ty as _Sound<#kind>>::Type;));
        let [output, error] =
            ["Output", "Error"].map(|item| of(&quote!(_Given as _Returned), item, (first, last)));
        let answers = quote!(_IsData::<#output>::ANSWER, _IsTaskError::<#error>::ANSWER);
        let check = Check::new("alias", TokenStream::new(), quote!(#text, #answers));
        self.checks.push(check.at(first, last));
        (self.output, self.error) = (output, error);
    }

    /// The types together with their checks: where one fails, there is no type, and it is the one error.
    fn declare(&self) -> TokenStream {
        let Self { input, output, error, resources, given, checks } = self;
        quote! {
            #given
            type _Types = _Typed<#input, #output, #error, #resources, { 0 #(+ #checks)* }>;
        }
    }

    fn associated(&self) -> [TokenStream; 4] {
        let Self { input, output, error, resources, .. } = self;
        let types =
            [("Input", input), ("Output", output), ("Error", error), ("Resources", resources)];
        types.map(|(name, ty)| {
            let (first, last) = ends(ty);
            let begin = begin(name, first);
            let ty = of(&quote!(_Types as _TaskTypes), name, (first, last));
            quote!(#begin = #ty;)
        })
    }
}

/// The check that a type is data, unless its name says so.
fn data(ty: &Type, check: fn(&Type) -> Check) -> Option<TokenStream> {
    let (first, last) = ends(ty);
    (!is_std(ty)).then(|| check(ty).at(first, last))
}

/// A type that is an item of another: `<_Types as _TaskTypes>::Input`. The tokens have the spans of the user's type.
fn of(owner: &TokenStream, item: &str, (first, last): (Span, Span)) -> TokenStream {
    let item = Ident::new(item, last);
    let (begin, end) = (quote_spanned!(first=> <), quote_spanned!(last=> >::#item));
    quote!(#begin #owner #end)
}

/// What a type is held to.
fn check(ty: &Type, check: &'static str, question: &str) -> TokenStream {
    let (question, text) = (format_ident!("_{question}"), written(ty));
    let (first, last) = ends(ty);
    Check::new(check, TokenStream::new(), quote!(#text, #question::<#ty>::ANSWER)).at(first, last)
}

/// The method that calls the function. A future of the right type is handed on as it is.
fn call(signature: &Signature, roles: &Roles) -> TokenStream {
    let ident = &signature.ident;
    let several = roles.arguments.len() > 1;
    // Names of the macro's own, which no function of the user has.
    let [resources, attempt, input] = ["resources", "attempt", "input"]
        .map(|name| Ident::new(name, proc_macro2::Span::mixed_site()).to_token_stream());
    let values = roles.passes.iter().map(|pass| match pass {
        Pass::Resources => resources.clone(),
        Pass::Context => quote!(#attempt.context()),
        Pass::Argument(argument) if several => quote!(#input.#argument),
        Pass::Argument(_) => input.clone(),
    });
    let future = quote!(#ident(#(#values),*));
    let uses = |wanted: fn(&Pass) -> bool, name: TokenStream| {
        if roles.passes.iter().any(wanted) { name } else { quote!(_) }
    };
    let parameters = parameters(
        &uses(|pass| matches!(pass, Pass::Resources), resources.clone()),
        &uses(|pass| matches!(pass, Pass::Context), attempt.clone()),
        &uses(|pass| matches!(pass, Pass::Argument(_)), input.clone()),
    );
    let result = quote!(_Result<Self::Output, Self::Error>);
    match roles.returned {
        Returned::Result(..) => quote! {
            fn call(#parameters) -> impl _Future<Output = #result> + _Send {
                #future
            }
        },
        Returned::Nothing => quote! {
            async fn call(#parameters) -> #result {
                #future.await;
                _Ok(())
            }
        },
        Returned::Data(_) => quote! {
            async fn call(#parameters) -> #result {
                _Ok(#future.await)
            }
        },
        Returned::Alias(_) => quote! {
            async fn call(#parameters) -> #result {
                let given: _Given = #future.await;
                _Returned::into_result(given)
            }
        },
        Returned::Wrong => unreachable_call(),
    }
}

fn parameters(resources: &TokenStream, attempt: &TokenStream, input: &TokenStream) -> TokenStream {
    quote! {
        #resources: <Self::Resources as _Resources>::Ref<'_>,
        #attempt: _Attempt<'_>,
        #input: Self::Input
    }
}

/// What stands in for the call of a function that is no task, so that code which names it does not fail as well.
fn unreachable_call() -> TokenStream {
    let unused = quote!(_);
    let parameters = parameters(&unused, &unused, &unused);
    quote! {
        async fn call(#parameters) -> _Result<Self::Output, Self::Error> {
            ::core::unreachable!()
        }
    }
}
