//! The checks of a workflow that is declared with `export: asl` which need the types: what ASL cannot express where a task is a
//! workflow, or a variant carries data. What needs no types is in `workflow-syntax`.

use proc_macro2::TokenStream;
use quote::quote;
use workflow_syntax::export::{Inexpressible, inexpressible_of_execution};
use workflow_syntax::model::{Kind, State};
use workflow_syntax::parse::expression::{path_text, variant_of};
use workflow_syntax::parse::{Expression, ExpressionKind};

use super::check::Check;
use super::{Generator, task_alias};

impl Generator<'_> {
    /// Checks that ASL can express what states say beside the call of a workflow, where the workflow is declared to be exported.
    pub(crate) fn export_checks(&self) -> TokenStream {
        if !self.workflow.source.is_exported {
            return TokenStream::new();
        }
        let checks = self.states().flat_map(|(machine, id, state)| {
            let task = task_alias(machine, id);
            inexpressible_of_execution(state).into_iter().map(move |found| {
                let Inexpressible { state, what, span, help } = found;
                let signature = quote!(<#task as _Task>::SIGNATURE);
                let arguments = quote!(#state, #what, #help, #signature);
                let check = Check::new("exported", quote!(), arguments).at(span, span);
                quote!(const _: () = #check;)
            })
        });
        let variants = self.states().flat_map(|(_, _, state)| compared_variants(state));
        checks.chain(variants).collect()
    }
}

/// Checks that the variants with which the rules of a state compare carry no data.
fn compared_variants(state: &State<'_>) -> Vec<TokenStream> {
    let Kind::Choice { rules, .. } = &state.kind else { return Vec::new() };
    let mut checks = Vec::new();
    for condition in rules.iter().filter_map(|rule| rule.condition) {
        collect_variants(&state.name.text, condition, &mut checks);
    }
    checks
}

fn collect_variants(state: &str, expression: &Expression, checks: &mut Vec<TokenStream>) {
    if let ExpressionKind::Constant(path) = &expression.kind
        && let Some((enumeration, variant)) = variant_of(path)
    {
        let (text, name) = (path_text(path), variant.to_string());
        let arguments = quote!(#state, #text, #name);
        let check = Check::new("exported_variant", quote!(#enumeration), arguments);
        let check = check.at(variant.span(), variant.span());
        checks.push(quote!(const _: () = #check;));
    }
    expression.parts().into_iter().for_each(|part| collect_variants(state, part, checks));
}
