//! Arguments of intrinsic functions that may have any type, so long as their JSON is of one kind.

use super::conversions::{Site, mismatch, or_fail, place};
use crate::data::{Data, Shape, Type};

/// A kind of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// Text.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

/// The kind of JSON that values of a type are, where they are of one kind.
const fn kind_of(ty: &Type) -> Option<JsonKind> {
    Some(match ty.shape {
        Shape::Null => JsonKind::Null,
        Shape::Boolean => JsonKind::Boolean,
        Shape::Integer(..) | Shape::Float => JsonKind::Number,
        Shape::Text | Shape::Timestamp => JsonKind::Text,
        Shape::List | Shape::Tuple => JsonKind::List,
        Shape::Map | Shape::Object(_) => JsonKind::Object,
        Shape::Newtype(inner) => return kind_of(inner),
        Shape::Option | Shape::Enum(_) | Shape::Json => return None,
    })
}

/// Checks that the JSON of an argument is of the kind that its function takes. `is_nullable` says that an `Option` may stand there,
/// as in a definition of ASL.
///
/// # Panics
///
/// When it is not.
#[track_caller]
pub const fn of_kind<T: Data>(site: Site, kind: JsonKind, is_nullable: bool) {
    let ty = T::TYPE;
    let is_option = matches!(ty.shape, Shape::Option);
    let given = kind_of(if is_option { ty.parameters[0] } else { ty });
    let fits = match given {
        Some(given) => given as u8 == kind as u8,
        None => true,
    };
    if fits && (is_nullable || !is_option) {
        return;
    }
    let expected = match kind {
        JsonKind::Number => " is a number",
        JsonKind::List => " is a list",
        _ => " is an object",
    };
    let text = place(site).str(expected).str(", and ").code(site.value).str(" is ").ty_code(ty);
    let text = if fits { or_fail(text, site) } else { text };
    panic!("{}", text.as_str())
}

/// Checks that the items of a list may be equal to a value.
///
/// # Panics
///
/// When they are of another kind of JSON.
#[track_caller]
pub const fn contained<L: Data, A: Data>(site: Site) {
    if !matches!(L::TYPE.shape, Shape::List) {
        return;
    }
    let item = L::TYPE.parameters[0];
    // As JSON, 5 and 5.0 are two.
    let fraction_or_not = matches!(
        (item.shape, A::TYPE.shape),
        (Shape::Float, Shape::Integer(..)) | (Shape::Integer(..), Shape::Float)
    );
    if let (Some(left), Some(right)) = (kind_of(item), kind_of(A::TYPE))
        && (left as u8 != right as u8 || fraction_or_not)
    {
        panic!(
            "{}",
            mismatch(site, item)
                .str(" is ")
                .ty_code(A::TYPE)
                .str(": they are never equal")
                .as_str()
        )
    }
}
