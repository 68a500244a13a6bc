//! What the parameters of a task are for, what its function gives back, and what is wrong with them.
//!
//! A type that cannot be used becomes `Json`, which goes wherever it is asked for: so one mistake stays one error.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{GenericArgument, GenericParam, PathArguments, Type, TypeReference};

use super::signature::{Parameter, Signature};
use crate::data::{instead, last_segment, ungrouped};

/// The parameters and the result of a task.
pub(super) struct Roles {
    /// What the workflow gives, in order.
    pub(super) arguments: Vec<Argument>,
    /// What the program hands over.
    pub(super) resources: Option<Type>,
    /// What the function is called with, in order.
    pub(super) passes: Vec<Pass>,
    pub(super) returned: Returned,
}

/// What the workflow gives.
pub(super) struct Argument {
    pub(super) ident: Ident,
    pub(super) ty: Type,
}

/// What goes into a parameter.
pub(super) enum Pass {
    Resources,
    Context,
    Argument(Ident),
}

/// What the function gives back.
pub(super) enum Returned {
    Nothing,
    /// `Result<Output, Error>`.
    Result(Box<Type>, Box<Type>),
    /// The output.
    Data(Type),
    /// A type that may be an alias of a `Result`, as in `anyhow::Result<Output>`: a trait tells what it is.
    Alias(Type),
    /// A type that no task can give back.
    Wrong,
}

impl Roles {
    /// Reads them; `None` for a method.
    pub(super) fn of(signature: &Signature, errors: &mut Vec<syn::Error>) -> Option<Self> {
        let method = signature.parameters.iter().find_map(|parameter| match parameter {
            Parameter::Receiver(receiver) => Some(receiver),
            _ => None,
        });
        if let Some(receiver) = method {
            let text = "a task is a function, not a method\n\
                        help: take what it needs as a reference: what the program hands to the execution";
            errors.push(syn::Error::new_spanned(receiver, text));
            return None;
        }
        qualifiers(signature, errors);
        let mut roles = Self {
            arguments: Vec::new(),
            resources: None,
            passes: Vec::new(),
            returned: returned(signature, errors),
        };
        for parameter in &signature.parameters {
            match parameter {
                Parameter::Named(name, ty) => roles.add(name, ty, errors),
                Parameter::Pattern(pattern, ty) => roles.add_pattern(pattern, ty, errors),
                Parameter::Receiver(_) => {}
            }
        }
        roles.arguments_have_names(errors);
        if is_generic(signature) {
            roles.forget_types();
        }
        Some(roles)
    }

    fn add(&mut self, name: &Ident, ty: &Type, errors: &mut Vec<syn::Error>) {
        match ungrouped(ty) {
            Type::Reference(reference) => self.add_resources(name, reference, errors),
            ty if is_context(ty) => self.passes.push(Pass::Context),
            ty => {
                let ty = owned(ty, errors, |what| {
                    format!(
                        "argument `{name}` is {what}, and data of a workflow are owned and have one type"
                    )
                });
                let ident = self.unused(name);
                self.passes.push(Pass::Argument(ident.clone()));
                self.arguments.push(Argument { ident, ty: ty.unwrap_or_else(json) });
            }
        }
    }

    /// The name, or another one where an argument has it. That the function has it twice, the compiler says.
    fn unused(&self, name: &Ident) -> Ident {
        let is_used = name != "_" && self.arguments.iter().any(|argument| argument.ident == *name);
        if is_used { format_ident!("{name}{}", self.arguments.len()) } else { name.clone() }
    }

    fn add_resources(
        &mut self,
        name: &Ident,
        reference: &TypeReference,
        errors: &mut Vec<syn::Error>,
    ) {
        if let Some(error) = wrong_reference(name, reference) {
            errors.push(error);
            // A workflow that calls it hands an argument all the same.
            if reference.mutability.is_none() && !is_context(ungrouped(&reference.elem)) {
                self.passes.push(Pass::Argument(name.clone()));
                self.arguments.push(Argument { ident: self.unused(name), ty: json() });
            }
            return;
        }
        self.passes.push(Pass::Resources);
        if let Some(first) = &self.resources {
            let first = first.to_token_stream();
            let text = format!(
                "a task takes one reference, and it takes `&{first}` already\n\
                 help: an argument is owned: remove the `&`; or hand over one type that holds both"
            );
            errors.push(syn::Error::new_spanned(reference.and_token, text));
        } else {
            self.resources = Some(ungrouped(&reference.elem).clone());
        }
    }

    fn add_pattern(&mut self, pattern: &TokenStream, ty: &Type, errors: &mut Vec<syn::Error>) {
        let text = "an argument has a name: its name in JSON\nhelp: give it one, and take it apart in the body";
        errors.push(syn::Error::new_spanned(pattern, text));
        let span = pattern
            .clone()
            .into_iter()
            .next()
            .map_or_else(proc_macro2::Span::call_site, |token| token.span());
        self.add(&Ident::new(&format!("argument{}", self.arguments.len()), span), ty, errors);
    }

    /// Several arguments are an object, whose fields need names.
    fn arguments_have_names(&mut self, errors: &mut Vec<syn::Error>) {
        if self.arguments.len() < 2 {
            return;
        }
        for (position, argument) in self.arguments.iter_mut().enumerate() {
            if argument.ident == "_" {
                let text = "an argument has a name: the input of the task is an object of its arguments\n\
                            help: name it; a name that begins with `_` may stay unused";
                errors.push(syn::Error::new(argument.ident.span(), text));
                argument.ident = Ident::new(&format!("argument{position}"), argument.ident.span());
            }
        }
    }

    /// Types that may depend on parameters of the function cannot be named outside of it.
    fn forget_types(&mut self) {
        self.arguments.iter_mut().for_each(|argument| argument.ty = json());
        self.resources = None;
        self.returned = Returned::Wrong;
    }
}

/// What stands around the signature: a task is `async fn name(...)` and nothing more.
fn qualifiers(signature: &Signature, errors: &mut Vec<syn::Error>) {
    let name = signature.ident.unraw();
    let mut error =
        |token: &dyn ToTokens, text: String| errors.push(syn::Error::new_spanned(token, text));
    if signature.asyncness.is_none() {
        error(
            &signature.fn_token,
            format!("task `{name}` is not async\nhelp: write `async fn {name}`"),
        );
    }
    if let Some(token) = &signature.unsafety {
        let text = format!(
            "task `{name}` is unsafe, and a workflow calls it from safe code\nhelp: remove `unsafe`"
        );
        error(token, text);
    }
    if let Some(token) = &signature.abi {
        error(
            token,
            format!("task `{name}` is extern, and only Rust calls it\nhelp: remove `extern`"),
        );
    }
    if is_generic(signature) {
        let text = format!(
            "task `{name}` is generic, and a workflow calls it with the types that it names\n\
             help: write a task for each type, which calls this function"
        );
        error(&signature.generics.params, text);
    }
}

/// Whether its types may be others for each call. What a lifetime is for is a reference, and what is wrong with it is said of that.
fn is_generic(signature: &Signature) -> bool {
    let mut parameters = signature.generics.params.iter();
    parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
}

fn is_context(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "TaskContext")
}

fn wrong_reference(name: &Ident, reference: &TypeReference) -> Option<syn::Error> {
    let elem = ungrouped(&reference.elem);
    let name = name.unraw();
    let owned = match elem {
        _ if is_context(elem) => Some("TaskContext".to_owned()),
        Type::Slice(slice) => Some(format!("Vec<{}>", slice.elem.to_token_stream())),
        ty if last_segment(ty).is_some_and(|segment| segment.ident == "str") => {
            Some("String".to_owned())
        }
        _ => None,
    };
    if let Some(owned) = owned {
        let text = format!(
            "`{name}` is a reference, and a reference is what the program hands to the execution\n\
             help: take it by value: `{name}: {owned}`"
        );
        return Some(syn::Error::new_spanned(reference.and_token, text));
    }
    let text = "what the program hands over is shared by all tasks that run\nhelp: take `&`, with a lock inside";
    reference.mutability.map(|mutability| syn::Error::new_spanned(mutability, text))
}

fn returned(signature: &Signature, errors: &mut Vec<syn::Error>) -> Returned {
    let Some(ty) = &signature.returned else { return Returned::Nothing };
    let name = signature.ident.unraw();
    if let Some((_, error)) = result_of(ty)
        && let Some((token, what, _)) = not_owned(error.to_token_stream())
    {
        let text = format!(
            "the error of task `{name}` is {what}, and retriers and catchers know an error by its name\n\
             help: return an enum of the errors that it may fail with, with `#[derive(Debug, workflow_core::TaskError)]`"
        );
        errors.push(syn::Error::new(token.span(), text));
        return Returned::Wrong;
    }
    let ty = owned(ty, errors, |what| {
        format!(
            "the output of task `{name}` is {what}, and data of a workflow are owned and have one type"
        )
    });
    let Some(ty) = ty else { return Returned::Wrong };
    match result_of(&ty) {
        Some((output, error)) => {
            Returned::Result(Box::new(output.clone()), Box::new(error.clone()))
        }
        None if may_be_a_result(&ty) => Returned::Alias(ty),
        None => Returned::Data(ty),
    }
}

/// Whether a type may be an alias of a `Result`: by its name, or because it has parameters and is none of those that everybody knows.
fn may_be_a_result(ty: &Type) -> bool {
    const KNOWN: [&str; 5] = ["Vec", "Option", "Box", "HashMap", "BTreeMap"];
    last_segment(ty).is_some_and(|segment| {
        let name = segment.ident.to_string();
        let is_generic = matches!(segment.arguments, PathArguments::AngleBracketed(_));
        let is_known = KNOWN.contains(&name.as_str()) || !instead(ty).is_empty();
        name.ends_with("Result") || is_generic && !is_known
    })
}

/// The two types of `Result<Output, Error>`.
fn result_of(ty: &Type) -> Option<(&Type, &Type)> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    let mut arguments = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(output), Some(error), None) => Some((output, error)),
        _ => None,
    }
}

/// The type, unless it borrows or has no name; then an error at the token that says so.
fn owned(ty: &Type, errors: &mut Vec<syn::Error>, text: impl Fn(&str) -> String) -> Option<Type> {
    let Some((token, what, help)) = not_owned(ty.to_token_stream()) else {
        return Some(ty.clone());
    };
    errors.push(syn::Error::new(token.span(), format!("{}\nhelp: {help}", text(what))));
    None
}

/// The first token that makes a type borrowed or opaque, what it makes of it, and what to do.
fn not_owned(tokens: TokenStream) -> Option<(TokenTree, &'static str, &'static str)> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Punct(punct) if ['&', '\''].contains(&punct.as_char()) => {
            Some((token, "borrowed", "use an owned type, such as `String` or `Vec`"))
        }
        TokenTree::Ident(ident) if ident == "impl" || ident == "dyn" => Some((
            token,
            "any type with a trait",
            "name the type, or an enum of the types that it may be",
        )),
        TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => {
            not_owned(group.stream())
        }
        _ => None,
    })
}

fn json() -> Type {
    syn::parse_quote!(::workflow_core::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_lines(source: &str) -> Vec<String> {
        let signature: Signature = syn::parse_str(source).expect("the source is a function");
        let mut errors = Vec::new();
        Roles::of(&signature, &mut errors);
        errors
            .iter()
            .filter_map(|error| Some(error.to_string().lines().next()?.to_owned()))
            .collect()
    }

    #[test]
    fn parameters_are_told_apart_by_their_form() {
        let source = "async fn f(mut order: Order, app: &App, context: workflow_core::TaskContext, _: u8) {}";
        let signature: Signature = syn::parse_str(source).expect("it is a function");
        let roles = Roles::of(&signature, &mut Vec::new()).expect("it is no method");
        assert!(matches!(
            roles.passes.as_slice(),
            [Pass::Argument(_), Pass::Resources, Pass::Context, Pass::Argument(_)]
        ));
        assert_eq!(roles.arguments[0].ident, "order");
    }

    #[test]
    fn only_a_result_with_two_types_is_one_by_its_name() {
        let result = |ty| result_of(&syn::parse_str(ty).expect("it is a type")).is_some();
        assert!(result("Result<u8, E>"));
        assert!(result("std::result::Result<(), E>"));
        assert!(!result("anyhow::Result<u8>"));
        assert!(!result("SearchResult"));
    }

    #[test]
    fn several_mistakes_are_reported_together() {
        assert_eq!(
            first_lines("unsafe fn f(a: &A, b: &B, c: Cow<'_, str>) -> impl Sized {}"),
            [
                "task `f` is not async",
                "task `f` is unsafe, and a workflow calls it from safe code",
                "the output of task `f` is any type with a trait, and data of a workflow are owned and have one type",
                "a task takes one reference, and it takes `&A` already",
                "argument `c` is borrowed, and data of a workflow are owned and have one type"
            ]
        );
    }
}
