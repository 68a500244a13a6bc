//! Types that are no data and cannot become it: what to write in place of them, and the check that says so.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use super::{last_segment, ungrouped, written};
use crate::generate::check::Check;

/// What to write in place of a type that is no data and cannot become it; empty where `derive(Data)` makes it.
pub(crate) fn instead(ty: &Type) -> String {
    let segment = match ungrouped(ty) {
        Type::Array(array) => return format!("use `Vec<{}>`", written(&array.elem)),
        _ => last_segment(ty),
    };
    let Some(segment) = segment else { return String::new() };
    let inner = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|one| match one {
                GenericArgument::Type(ty) => Some(written(ty)),
                _ => None,
            })
        }
        _ => None,
    };
    let inner = inner.map_or(String::new(), |inner| match inner.as_str() {
        "str" => "String".to_owned(),
        _ => inner,
    });
    match (segment.ident.to_string().as_str(), inner.is_empty()) {
        ("char", true) => "use `String`".to_owned(),
        ("u128" | "i128", true) => {
            "use a number of 64 bits, or a `String`: JSON has no larger ones".to_owned()
        }
        ("Duration" | "Instant" | "SystemTime", true) => {
            "use a number of seconds, or a `workflow_core::Timestamp`".to_owned()
        }
        ("Arc" | "Rc" | "Cow" | "Mutex" | "RwLock" | "RefCell" | "Cell", false) => format!(
            "data are owned: use `{inner}`; what tasks share is handed to them as a reference, `&{inner}`"
        ),
        ("HashMap" | "BTreeMap", false) => {
            "the keys of an object are text: use `String` for them, and data for the values"
                .to_owned()
        }
        ("HashSet" | "BTreeSet", false) => format!("use `Vec<{inner}>`"),
        ("Result", _) => "a task gives back a `Result`, and data have none: use an enum".to_owned(),
        _ => String::new(),
    }
}

/// The check that a type is data, which says what to do where it is not.
pub(crate) fn data_check(ty: &Type) -> Check {
    check(ty, "data")
}

/// The check of what a task gives back, which may be an alias of a `Result` that nothing shows to be one.
pub(crate) fn output_check(ty: &Type) -> Check {
    check(ty, "output")
}

fn check(ty: &Type, of_a_user: &'static str) -> Check {
    let ty = innermost(ty);
    let (text, answer) = (written(ty), quote!(_IsData::<#ty>::ANSWER));
    match instead(ty) {
        help if help.is_empty() => {
            Check::new(of_a_user, TokenStream::new(), quote!(#text, #answer))
        }
        help => Check::new("data_instead", TokenStream::new(), quote!(#text, #answer, #help)),
    }
}

/// What a list, an `Option` or a `Box` holds, which is data where that is.
fn innermost(ty: &Type) -> &Type {
    let Some(segment) = last_segment(ty) else { return ty };
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return ty };
    let is_std = ["Vec", "Option", "Box"].iter().any(|name| segment.ident == name);
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if is_std => innermost(inner),
        _ => ty,
    }
}
