//! Pass and Succeed states: data that go on, or end the machine.

use proc_macro2::TokenStream;
use quote::quote;

use super::flow::{Assigned, leaves_unchanged};
use super::{Context, Effective, once};
use crate::generate::Generator;
use crate::generate::lower::{Source, Typed};
use crate::generate::transition::Output;

impl Generator<'_> {
    pub(super) fn pass(&mut self, context: &Context<'_>) -> TokenStream {
        let flow = &context.state.flow;
        let Effective { code: effective, source, .. } = self.effective(context, true);
        let Some(made) = flow.result.or(flow.parameters) else {
            let finish =
                self.finish(context, 0, Source { movable: false, ..source }, context.state.next);
            return quote!(#effective #finish);
        };
        let scope = self.scope(context, once(source, &[made]));
        if let (true, Some(next)) = (leaves_unchanged(context), context.state.next) {
            let leave = self.leave(context, 0, next, Output::expression(made, scope));
            let exit = self.exit(context, next.target, &leave, Assigned::default());
            return quote!(#effective #exit);
        }
        let Typed { ty, code } = self.lower().natural(&scope, made);
        let ty = self.items.alias(&ty);
        let source = Source { ty: quote!(#ty), place: quote!(result), movable: false };
        let finish = self.finish(context, 0, source, context.state.next);
        quote!(#effective let result: #ty = #code; #finish)
    }

    pub(super) fn succeed(&mut self, context: &Context<'_>) -> TokenStream {
        let Effective { code: effective, source, .. } = self.effective(context, true);
        let finish = self.finish(context, 0, Source { movable: false, ..source }, None);
        quote!(#effective #finish)
    }
}
