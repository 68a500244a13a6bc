//! The macros of `workflow-core`, which re-exports them: use that crate, not this one.
//!
//! This file holds the entry points alone.

use proc_macro::TokenStream;

mod data;
mod error;
mod fallback;
mod generate;
mod task;

/// Declares a workflow: the Amazon States Language as Rust.
///
/// It becomes a type with `run` and `definition`, which is a task for other workflows as well. What can be written is in
/// `workflow_core::language`.
///
/// ```text
/// workflow! {
///     pub OrderFlow(&Shop, Order) -> Receipt;
///
///     Charge: Task { call: charge($), retry: { error_equals: [PaymentError::Busy] }, next: IsLarge }
///     IsLarge: Choice { $.total > 100 => Thank, _ => Done }
///     Thank: Task { call: send_thanks($), result_path: null, next: Done }
///     Done: Succeed {}
/// }
/// ```
#[proc_macro]
pub fn workflow(source: TokenStream) -> TokenStream {
    compile(source.into()).into()
}

/// Parse, resolve, check, generate. What is wrong is reported together, and the name is declared all the same.
fn compile(source: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let mut diagnostics = workflow_syntax::diagnostics::Diagnostics::default();
    let Some(source) = workflow_syntax::parse::native::workflow(source, &mut diagnostics) else {
        return diagnostics.to_tokens();
    };
    let mut tokens = tracked(&source);
    let workflow = workflow_syntax::model::Workflow::resolve(&source, &mut diagnostics);
    let checked = workflow_syntax::check::check(workflow, &mut diagnostics);
    if diagnostics.is_empty() {
        tokens.extend(generate::generate(&checked));
        return tokens;
    }
    tokens.extend(diagnostics.to_tokens());
    tokens.extend(fallback::stub(&checked.workflow));
    if checked.typable {
        tokens.extend(generate::type_checks(&checked));
    }
    tokens
}

/// Has the compiler notice when the file changes that a definition is in.
fn tracked(source: &workflow_syntax::parse::Workflow) -> proc_macro2::TokenStream {
    let file = source.file.as_ref().and_then(|file| file.path.to_str());
    let file = file.map(|file| {
        quote::quote!(
            const _: &[u8] = ::core::include_bytes!(#file);
        )
    });
    file.unwrap_or_default()
}

/// Implements `workflow_core::Data` for a struct or an enum, from its fields and its serde attributes.
///
/// See `workflow_core::Data`.
#[proc_macro_derive(Data, attributes(serde))]
pub fn data(input: TokenStream) -> TokenStream {
    data::derive(input.into()).into()
}

/// Implements `workflow_core::TaskError` for an enum.
///
/// See `workflow_core::TaskError`.
#[proc_macro_derive(TaskError, attributes(task_error))]
pub fn task_error(input: TokenStream) -> TokenStream {
    error::derive(input.into()).into()
}

/// Makes an async function a task, which a workflow can call by the function's name.
///
/// See `workflow_core::Task`.
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, function: TokenStream) -> TokenStream {
    task::attribute(arguments.into(), function.into()).into()
}
