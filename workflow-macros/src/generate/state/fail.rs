//! Fail states.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Path;
use syn::ext::IdentExt;

use super::Context;
use crate::generate::Generator;
use crate::generate::check::Check;
use crate::generate::definition::variant_name;
use crate::generate::lower::{Goes, Scope};
use workflow_syntax::parse::expression::{path_text, variant_of};
use workflow_syntax::parse::{Expression, ExpressionKind};

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
                if let ExpressionKind::Constant(path) = &value.kind
                    && let Some((ty, variant)) = variant_of(path).filter(|_| field == "error")
                {
                    return self.error_of_a_type(&scope, &ty, &variant);
                }
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

    /// The error name of a variant of an error type, held to have it.
    fn error_of_a_type(&mut self, scope: &Scope, ty: &Path, variant: &Ident) -> TokenStream {
        let (state, text, name) =
            (scope.said(variant.span().into()), path_text(ty), variant.unraw().to_string());
        let arguments = quote!(#state, #text, _IsTaskError::<#ty>::NAMES, #name);
        let check = Check::new("fail_variant", TokenStream::new(), arguments);
        self.items.check(&check.at(variant.span(), variant.span()));
        let name = variant_name(ty, variant);
        quote!(_String::from(#name))
    }
}
