//! Choice states: the first rule that holds says where it goes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Effective, once, pairs};
use crate::generate::Generator;
use crate::generate::check::Check;
use crate::generate::lower::{Scope, Source, Typed};
use crate::generate::transition::Output;
use workflow_syntax::check::choice::{Covered, Total, total};
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
        self.items.compared.clear();
        for (position, rule) in rules.iter().enumerate() {
            let Some(condition) = rule.condition else { continue };
            let scope = self.scope(context, source.clone());
            let condition = self.lower().condition(&scope, condition);
            let leave =
                self.rule(context, rule.next, rule.output, position, &source, &pairs(rule.assign));
            code.extend(quote!(if #condition { #leave }));
        }
        if default.is_none() {
            match total(rules) {
                Some(Total::Variants(covered)) => self.covered(context, &covered),
                Some(Total::Ordered(conditions)) => self.ordered(context, &conditions),
                Some(Total::Always) | None => {}
            }
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
    fn covered(&mut self, context: &Context<'_>, covered: &Covered<'_>) {
        let (state, enumeration) = (&context.state.name.text, &covered.enumeration);
        let value = covered.value.to_string();
        let variants: Vec<String> = covered.variants.iter().map(ToString::to_string).collect();
        let arguments = quote!(#state, #value, &[#(#variants),*]);
        self.check_rules(context, Check::new("total", quote!(#enumeration), arguments));
    }

    /// Checks that one of the conditions, each of which has its opposite, compares values that all have a place in an order.
    fn ordered(&mut self, context: &Context<'_>, conditions: &[&Expression]) {
        let pairs = conditions.iter().filter_map(|condition| {
            let text = condition.to_string();
            let compared = self.items.compared.iter().find(|compared| compared.0 == text);
            let types = compared.map(|compared| &compared.1)?;
            Some(quote!(&[#(<#types as _Data>::TYPE),*]))
        });
        let state = &context.state.name.text;
        let arguments = quote!(#state, &[#(#pairs),*]);
        self.check_rules(context, Check::new("ordered", TokenStream::new(), arguments));
    }

    /// A check of all rules, said at the name of the state.
    fn check_rules(&mut self, context: &Context<'_>, check: Check) {
        let span = context.state.name.span;
        let check = check.at(span, span);
        self.items.tokens.extend(quote!(const _: () = #check;));
    }
}
