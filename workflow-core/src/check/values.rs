//! Values of a kind that a field or an operator asks for: timestamps, numbers of seconds, operands.

use super::comparisons::Between;
use super::{about, is_number, same_type};
use crate::choice::{DYNAMIC, TEXTS, TIMESTAMPS};
use crate::constant::is_duration;
use crate::data::{Data, Shape, Type};
use crate::text::same;

/// Returns how a value is a timestamp.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn timestamp<T: Data>(state: &str, value: &str) -> usize {
    match T::TYPE.shape {
        Shape::Timestamp => TIMESTAMPS,
        Shape::Text => TEXTS,
        Shape::Json => DYNAMIC,
        _ => {
            let text = about(state).code(value).str(" is no timestamp: it is ").ty_code(T::TYPE);
            panic!("{}", text.as_str())
        }
    }
}

/// Returns how a value is a number of seconds.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn seconds<T: Data>(state: &str, value: &str) -> usize {
    match T::TYPE.shape {
        Shape::Integer(..) => 0,
        Shape::Json => 1,
        _ => {
            let text =
                about(state).code(value).str(" is no number of seconds: it is ").ty_code(T::TYPE);
            panic!("{}", text.as_str())
        }
    }
}

/// Checks that a constant of a type is a time: a `Duration`, or a whole number of seconds.
///
/// # Panics
///
/// When it is none.
#[track_caller]
pub const fn time_constant(state: &str, value: &str, ty: &'static Type) {
    if !is_duration(ty) && !matches!(ty.shape, Shape::Integer(..) | Shape::Json) {
        let text = about(state).code(value).str(" is no time: it is ").ty_code(ty);
        let help = "\nhelp: a time is a `std::time::Duration`, or a whole number of seconds";
        panic!("{}", text.str(help).as_str())
    }
}

/// Returns the kind of an arithmetic operation on an `A` and a `B`.
///
/// # Panics
///
/// When there is none.
#[track_caller]
#[must_use]
pub const fn arithmetic<A: Data, B: Data>(between: Between) -> usize {
    if same_type(A::TYPE, B::TYPE) {
        match A::TYPE.shape {
            Shape::Integer(..) | Shape::Float => return 0,
            Shape::Text if same(between.operator, "+") => return 1,
            Shape::Json => return 2,
            _ => {}
        }
    }
    let text = between
        .written()
        .str(" is no operation on ")
        .ty_code(A::TYPE)
        .str(" and ")
        .ty_code(B::TYPE);
    let is_text = matches!(A::TYPE.shape, Shape::Text) || matches!(B::TYPE.shape, Shape::Text);
    let text = if is_text && same(between.operator, "+") {
        text.str("\nhelp: text is made of other values by `format(\"{} and {}\", ..)`")
    } else if is_number(A::TYPE) && is_number(B::TYPE) {
        text.str("\nhelp: as data without a type numbers of all types are computed with: `json(")
            .str(between.left)
            .str(") ")
            .str(between.operator)
            .str(" json(")
            .str(between.right)
            .str(")`")
    } else {
        text
    };
    panic!("{}", text.as_str())
}
