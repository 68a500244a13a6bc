//! Choice states: the first rule that holds says where it goes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Effective, once, pairs};
use crate::generate::Generator;
use crate::generate::check::Check;
use crate::generate::lower::{Scope, Source, Typed};
use crate::generate::transition::Output;
use workflow_syntax::check::choice::{Covered, covered_variants, ordered_opposites};
use workflow_syntax::model::{Next, Rule};
use workflow_syntax::parse::{Expression, Name};

impl Generator<'_> {
    pub(super) fn choice(
        &mut self,
        context: &Context<'_>,
        rules: &[Rule<'_>],
        default: Option<&Rule<'_>>,
    ) -> TokenStream {
        let Effective { code: effective, source, .. } = self.effective(context, true);
        let source = Source { movable: false, ..source };
        let mut code = effective;
        for (position, rule) in rules.iter().enumerate() {
            let Some(condition) = rule.condition else { continue };
            let scope = self.scope(context, source.clone());
            let condition = self.lower().condition(&scope, condition);
            let leave =
                self.rule(context, rule.next, rule.output, position, &source, &pairs(rule.assign));
            code.extend(quote!(if #condition { #leave }));
        }
        if let Some(covered) = covered_variants(rules).filter(|_| default.is_none()) {
            self.total(context, &covered);
        } else if let Some(value) = ordered_opposites(rules).filter(|_| default.is_none()) {
            let scope = self.scope(context, source.clone());
            let ty = self.lower().natural(&scope, value).ty;
            let state = &context.state.name.text;
            self.check_rules(context, Check::new("ordered", ty, quote!(#state)));
        }
        match default {
            Some(rule) => {
                let flow = &context.state.flow;
                let output = rule.output.or(flow.output);
                let assign = [pairs(rule.assign), pairs(flow.assign)].concat();
                let leave = self.rule(context, rule.next, output, rules.len(), &source, &assign);
                code.extend(leave);
            }
            None => {
                let name = &context.state.name.text;
                code.extend(quote!(return _Err(_no_choice_matched(#name));));
            }
        }
        code
    }

    fn rule(
        &mut self,
        context: &Context<'_>,
        next: Next,
        output: Option<&Expression>,
        transition: usize,
        source: &Source,
        assign: &[(&Name, &Expression)],
    ) -> TokenStream {
        let scope = self.scope(context, source.clone());
        let assign = self.assign(context, &scope, assign);
        let output = match output {
            Some(output) => {
                let input = once(Source { movable: true, ..source.clone() }, &[output]);
                Output::expression(output, Scope { input, ..scope })
            }
            None => {
                let place = &source.place;
                let value = Typed { ty: source.ty.clone(), code: quote!(#place) };
                Output::Value(self.output_path(context, value))
            }
        };
        let leave = self.leave(context, transition, next, output);
        self.exit(context, next.target, &leave, assign)
    }

    /// Checks that rules over an enum cover it.
    fn total(&mut self, context: &Context<'_>, covered: &Covered<'_>) {
        let (state, enumeration) = (&context.state.name.text, &covered.enumeration);
        let value = covered.value.to_string();
        let variants: Vec<String> = covered.variants.iter().map(ToString::to_string).collect();
        let arguments = quote!(#state, #value, &[#(#variants),*]);
        self.check_rules(context, Check::new("total", quote!(#enumeration), arguments));
    }

    /// A check of all rules, said at the name of the state.
    fn check_rules(&mut self, context: &Context<'_>, check: Check) {
        let span = context.state.name.span;
        let check = check.at(span, span);
        self.items.tokens.extend(quote!(const _: () = #check;));
    }
}
