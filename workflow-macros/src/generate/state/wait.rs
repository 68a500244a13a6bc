//! Wait states.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Effective};
use crate::generate::Generator;
use crate::generate::lower::Source;
use workflow_syntax::model::Wait;

impl Generator<'_> {
    pub(super) fn wait(&mut self, context: &Context<'_>, wait: &Wait<'_>) -> TokenStream {
        let Effective { code: effective, source, .. } = self.effective(context, true);
        let scope = self.scope(context, Source { movable: false, ..source.clone() });
        let until = match wait {
            Wait::Seconds(limit) => {
                let duration = self.lower().limit(&scope, limit, "SecondsPath");
                quote!(_Until::After(#duration))
            }
            Wait::Timestamp(time) => {
                let time = self.lower().timestamp(&scope, time).code;
                quote!(_Until::At(#time))
            }
        };
        let (name, description) = (&context.state.name.text, &context.description);
        let finish =
            self.finish(context, 0, Source { movable: false, ..source }, context.state.next);
        quote! {
            #effective
            let until = #until;
            if let _Err(error) = engine.wait(#description, until).await {
                return _Err(error.in_state(#name));
            }
            #finish
        }
    }
}
