//! Fail states.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::generate::Generator;
use crate::generate::lower::{Goes, Scope};
use workflow_syntax::parse::Expression;

impl Generator<'_> {
    pub(super) fn fail(
        &mut self,
        context: &Context<'_>,
        error: Option<&Expression>,
        cause: Option<&Expression>,
    ) -> TokenStream {
        let scope = self.scope(context, self.raw_input(context, false));
        let string = quote!(_String);
        let fields = [(error, "error", "ErrorPath"), (cause, "cause", "CausePath")];
        let [error, cause] = fields.map(|(value, field, path)| match value {
            Some(value) => {
                let field_of_asl = self.is_asl().then(|| path.to_owned());
                let scope = Scope { field: field_of_asl, ..scope.clone() };
                self.lower().place(&scope, value, &string, &Goes::Named(format!("`{field}`")))
            }
            None => quote!(_String::new()),
        });
        let name = &context.state.name.text;
        quote! {
            let (error, cause) = (#error, #cause);
            return _Err(_ErrorOutput::new(error, cause).in_state(#name));
        }
    }
}
