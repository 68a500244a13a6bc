pub(crate) fn attribute(_: proc_macro2::TokenStream, f: proc_macro2::TokenStream) -> proc_macro2::TokenStream { f }
