//! The catchers of a state.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, once, pairs};
use crate::generate::Generator;
use crate::generate::lower::{Scope, Source};
use crate::generate::machine::names;
use crate::generate::transition::Output;
use workflow_syntax::model::{Catcher, Kind, Target};

impl Generator<'_> {
    /// What happens with an error of the work: the first catcher that takes it goes on, else the execution fails.
    pub(super) fn catchers(&mut self, context: &Context<'_>) -> TokenStream {
        let description = &context.description;
        let states = names::states(context.machine);
        let mut code = TokenStream::new();
        for (position, catcher) in context.state.catch.iter().enumerate() {
            let Target::State(next) = catcher.next.target else { continue };
            let leave = self.caught(context, catcher, position);
            let (ty, error) = self.error_output(context);
            code.extend(quote! {
                if _catches(#description, #position, &error) {
                    engine.caught(#description, &error, &#states[#next]);
                    let result: #ty = #error;
                    #leave
                }
            });
        }
        // Where the task is none, its error has no type by itself.
        quote! {
            let error: _Failed = error;
            #code
            return _Err(error);
        }
    }

    /// The type of what a catcher is given, and the code that makes it of `error`. In a definition of ASL it has none: its
    /// `ResultPath` may put it anywhere.
    fn error_output(&self, context: &Context<'_>) -> (TokenStream, TokenStream) {
        if !self.is_asl() {
            return (quote!(_ErrorOutput), quote!(*error));
        }
        let scope = self.scope(context, self.raw_input(context, false));
        (quote!(_Json), scope.unwrapped(&quote!(_to_json::<_ErrorOutput>(&*error))))
    }

    fn caught(
        &mut self,
        context: &Context<'_>,
        catcher: &Catcher<'_>,
        position: usize,
    ) -> TokenStream {
        let (ty, _) = self.error_output(context);
        let error = Source { ty, place: quote!(result), movable: false };
        let mut scope = self.scope(context, error.clone());
        scope.states_result = Some(error.clone());
        let assign = self.assign(context, &scope, &pairs(catcher.assign));
        let output = match (catcher.output, catcher.result_path) {
            (Some(output), _) => Output::expression(
                output,
                Scope { input: once(Source { movable: true, ..error }, &[output]), ..scope },
            ),
            (None, path) => {
                Output::Value(self.merged(context, &Source { movable: true, ..error }, path))
            }
        };
        let rules = match &context.state.kind {
            Kind::Choice { rules, default } => rules.len() + usize::from(default.is_some()),
            _ => 0,
        };
        let edge = usize::from(context.state.next.is_some()) + rules + position;
        let leave = self.leave(context, edge, catcher.next, output);
        self.exit(context, catcher.next.target, &leave, assign)
    }
}
