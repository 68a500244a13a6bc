//! Comparisons: whether two values can be compared, and as what.

use super::timestamps::is_timestamp;
use super::{about, instead, is_json, is_number, same_type};
use crate::choice::{BOOLEANS, Comparand, DYNAMIC, NEWTYPE, NUMBERS, TEXTS, TIMESTAMPS, VARIANTS};
use crate::constant::has_duration;
use crate::data::{Data, Shape, Type, Variant};
use crate::text::{Text, same};

/// A comparison as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// The state.
    pub state: &'static str,
    /// The left side.
    pub left: &'static str,
    /// The operator.
    pub operator: &'static str,
    /// The right side.
    pub right: &'static str,
}

impl Between {
    const fn orders(&self) -> bool {
        !same(self.operator, "==") && !same(self.operator, "!=")
    }

    /// Begins: "state `S`: `$.a > $.b`".
    pub(super) const fn written(&self) -> Text {
        about(self.state)
            .str("`")
            .str(self.left)
            .str(" ")
            .str(self.operator)
            .str(" ")
            .str(self.right)
            .str("`")
    }
}

/// Begins: "state `S`: `$.a > $.b` compares".
const fn compares(between: Between) -> Text {
    between.written().str(" compares ")
}

/// Help for a side that may be absent.
const fn absent(text: Text, side: &str) -> Text {
    text.str("\nhelp: ")
        .code(side)
        .str(" may be absent: write `is_present(")
        .str(side)
        .str(") && ")
        .str(side)
        .str("? ...`")
}

/// Returns 0 for a comparison of ASL whose sides have the type that it names, or none.
///
/// # Panics
///
/// When they have another.
#[track_caller]
#[must_use]
pub const fn compare_as<L: Data, R: Data>(between: Between, comparand: Comparand) -> usize {
    let (left, right) = (L::TYPE, R::TYPE);
    if !comparand.takes(left) || !comparand.takes(right) {
        let text = compares(between).ty_code(left).str(" with ").ty_code(right);
        panic!("{}", text.str(" as ").str(comparand.name()).as_str())
    }
    0
}

impl Comparand {
    const fn takes(self, ty: &Type) -> bool {
        match ty.shape {
            Shape::Json => true,
            Shape::Text | Shape::Timestamp => matches!(self, Self::Timestamp | Self::Text),
            Shape::Integer(..) | Shape::Float => matches!(self, Self::Number),
            Shape::Boolean => matches!(self, Self::Boolean),
            Shape::Enum(_) => matches!(self, Self::Text),
            _ => false,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "strings",
            Self::Number => "numbers",
            Self::Boolean => "booleans",
            Self::Timestamp => "timestamps",
        }
    }
}

/// Returns the kind of a comparison.
///
/// # Panics
///
/// When the types cannot be compared.
#[track_caller]
#[must_use]
pub const fn compare<L: Data, R: Data>(between: Between) -> usize {
    comparison(between, L::TYPE, R::TYPE)
}

/// Returns 0 for a constant of a type that an `L` can be compared with.
///
/// # Panics
///
/// When the types cannot be compared.
#[track_caller]
#[must_use]
pub const fn compare_constant<L: Data>(between: Between, ty: &'static Type) -> usize {
    if has_duration(ty) {
        let text = compares(between).ty_code(L::TYPE).str(" with ").ty_code(ty);
        panic!("{}", text.str("\nhelp: compare it with a number of seconds").as_str())
    }
    comparison(between, L::TYPE, ty);
    0
}

#[track_caller]
const fn comparison(between: Between, left: &Type, right: &Type) -> usize {
    if is_json(left) || is_json(right) {
        return DYNAMIC;
    }
    if is_number(left) && is_number(right) {
        return NUMBERS;
    }
    if same_type(left, right) {
        match left.shape {
            Shape::Text => return TEXTS,
            Shape::Boolean => return BOOLEANS,
            Shape::Timestamp => return TIMESTAMPS,
            Shape::Enum(variants) if units(variants) && !between.orders() => return VARIANTS,
            Shape::Newtype(inner) if is_scalar(inner) => return DYNAMIC,
            _ => {}
        }
    }
    let text = compares(between).ty_code(left).str(" with ").ty_code(right);
    let text = if matches!(left.shape, Shape::Option) {
        absent(text, between.left)
    } else if matches!(right.shape, Shape::Option) {
        absent(text, between.right)
    } else if same_type(left, right) {
        match left.shape {
            Shape::Enum(_) if between.orders() => text.str("\nhelp: the variants of an enum have no order: use `==` or `!=`"),
            Shape::Enum([first, ..]) => text
                .str("\nhelp: what a variant holds is not compared: ask for a variant by its name alone, as in `")
                .str(between.left)
                .str(" == ")
                .variant(left, first)
                .str("`"),
            _ => text.str("\nhelp: compare a number, text, a truth value or a time in it"),
        }
    } else {
        text
    };
    panic!("{}", text.as_str())
}

/// Whether a newtype holds what can be compared.
const fn is_scalar(ty: &Type) -> bool {
    match ty.shape {
        Shape::Integer(..)
        | Shape::Float
        | Shape::Text
        | Shape::Boolean
        | Shape::Timestamp
        | Shape::Json => true,
        Shape::Newtype(inner) => is_scalar(inner),
        _ => false,
    }
}

/// What a newtype holds, and the kind of a comparison with a literal of that type.
const fn literal_side(ty: &'static Type, kind: usize) -> (&'static Type, usize) {
    match ty.shape {
        Shape::Newtype(inner) => (literal_side(inner, kind).0, NEWTYPE),
        _ => (ty, kind),
    }
}

const fn units(variants: &[Variant]) -> bool {
    let mut position = 0;
    while position < variants.len() {
        if !variants[position].unit {
            return false;
        }
        position += 1;
    }
    true
}

#[track_caller]
const fn incomparable(between: Between, ty: &Type, literal: &str) -> ! {
    let text = compares(between).ty_code(ty).str(" with ").str(literal);
    let text = match ty.shape {
        Shape::Option => absent(text, between.left),
        Shape::Enum([first, ..]) => text
            .str("\nhelp: compare it with a variant, as in `")
            .str(between.left)
            .str(" == ")
            .variant(ty, first)
            .str("`"),
        _ => text,
    };
    panic!("{}", text.as_str())
}

/// Returns the kind of a comparison with an integer.
///
/// # Panics
///
/// When the type cannot be compared with an integer, or has no number like it.
#[track_caller]
#[must_use]
pub const fn compare_integer<L: Data>(between: Between, value: i128) -> usize {
    let (ty, numbers) = literal_side(L::TYPE, NUMBERS);
    match ty.shape {
        Shape::Json if numbers == NUMBERS => DYNAMIC,
        Shape::Json | Shape::Float => numbers,
        Shape::Integer(least, most) => {
            if value < least || value > most {
                let text =
                    compares(between).ty_code(L::TYPE).str(" with a number that it never is");
                panic!("{}", text.as_str())
            }
            numbers
        }
        _ => incomparable(between, L::TYPE, "an integer"),
    }
}

/// Returns the kind of a comparison with a fraction.
///
/// # Panics
///
/// When the type is no number.
#[track_caller]
#[must_use]
pub const fn compare_float<L: Data>(between: Between) -> usize {
    let (ty, numbers) = literal_side(L::TYPE, NUMBERS);
    match ty.shape {
        Shape::Json if numbers == NUMBERS => DYNAMIC,
        Shape::Json | Shape::Float | Shape::Integer(..) => numbers,
        _ => incomparable(between, L::TYPE, "a number"),
    }
}

/// Returns the kind of a comparison with text.
///
/// # Panics
///
/// When the type cannot be compared with text, or is a timestamp and the text is none.
#[track_caller]
#[must_use]
pub const fn compare_text<L: Data>(between: Between, value: &str) -> usize {
    let (ty, texts) = literal_side(L::TYPE, TEXTS);
    match ty.shape {
        Shape::Json if texts == TEXTS => DYNAMIC,
        Shape::Json | Shape::Text => texts,
        Shape::Timestamp if is_timestamp(value) => {
            if texts == TEXTS {
                TIMESTAMPS
            } else {
                texts
            }
        }
        Shape::Timestamp => {
            let text = compares(between)
                .str("a timestamp with text that is none\nhelp: write it as in `\"2026-03-14T01:59:00Z\"`");
            panic!("{}", text.as_str())
        }
        _ => incomparable(between, L::TYPE, "text"),
    }
}

/// Returns the kind of a comparison with a truth value.
///
/// # Panics
///
/// When the type is none.
#[track_caller]
#[must_use]
pub const fn compare_boolean<L: Data>(between: Between) -> usize {
    let (ty, booleans) = literal_side(L::TYPE, BOOLEANS);
    match ty.shape {
        Shape::Json if booleans == BOOLEANS => DYNAMIC,
        Shape::Json | Shape::Boolean => booleans,
        _ => incomparable(between, L::TYPE, "a truth value"),
    }
}

/// Returns the position of a variant of the enum `E`, with which a value of type `L` is compared.
///
/// # Panics
///
/// When `L` is another type than `E`, the operator asks for an order, or `E` has no such variant.
#[track_caller]
#[must_use]
pub const fn variant<L: Data, E: Data>(between: Between, name: &str) -> usize {
    if !same_type(L::TYPE, E::TYPE) {
        let text = compares(between).ty_code(L::TYPE).str(" with ").ty_code(E::TYPE);
        let text =
            if matches!(L::TYPE.shape, Shape::Option) { absent(text, between.left) } else { text };
        panic!("{}", text.as_str())
    }
    if between.orders() {
        panic!(
            "{}",
            about(between.state)
                .str("the variants of an enum have no order: use `==` or `!=`")
                .as_str()
        )
    }
    variant_position(E::TYPE, between.state, name)
}

/// The position of a variant of an enum.
#[track_caller]
pub(super) const fn variant_position(ty: &Type, state: &str, name: &str) -> usize {
    let variants = ty.variants();
    let mut names = [""; 64];
    let mut position = 0;
    while position < variants.len() {
        if same(variants[position].rust_name, name) {
            return position;
        }
        if position < names.len() {
            names[position] = variants[position].rust_name;
        }
        position += 1;
    }
    let text = about(state).ty_code(ty).str(" has no variant ").code(name);
    let count = if position < names.len() { position } else { names.len() };
    panic!("{}", instead(text, name, names.split_at(count).0).as_str())
}
