//! Conditions: what is asked of one value, and whether the rules over an enum cover it.

use super::{about, is_json, listed};
use crate::choice::{BOOLEANS, DYNAMIC, TEXTS};
use crate::data::{Data, Shape, Type};
use crate::text::{contains, same};

/// What is said where no rule may match, and nothing tells whether one does.
const NO_DEFAULT: &str = "it may be that no rule matches, and there is no default\nhelp: add a default, `_ => ...`, as the last rule";

/// Checks that rules over an enum, without a default, cover every variant.
///
/// # Panics
///
/// When one is not covered, or what is covered is no variant: a constant of the type.
#[track_caller]
pub const fn total<E: Data>(state: &str, path: &str, covered: &[&str]) {
    let variants = E::TYPE.variants();
    if variants.is_empty() {
        panic!("{}", about(state).str(NO_DEFAULT).as_str());
    }
    let mut missing = [""; 64];
    let mut count = 0;
    let mut position = 0;
    while position < variants.len() {
        let name = variants[position].rust_name;
        if !contains(covered, name) && count < missing.len() {
            missing[count] = name;
            count += 1;
        }
        position += 1;
    }
    if count == 0 {
        return;
    }
    let text = about(state).str("no rule covers ");
    let text = listed(text, missing.split_at(count).0).str(" of ").ty_code(E::TYPE);
    let text = text
        .str("\nhelp: add a rule `")
        .str(path)
        .str(" == ")
        .str(E::TYPE.name)
        .str("::")
        .str(missing[0]);
    panic!("{}", text.str(" => ...`, or a default `_ => ...`").as_str())
}

/// Checks that two rules of which one compares values in an order and the other in the opposite one leave nothing out: for one of
/// the comparisons, given the types of what they compare.
///
/// # Panics
///
/// When all of them compare values that may have no place in the order: `Json`, or a fraction that is no number.
#[track_caller]
pub const fn ordered(state: &str, comparisons: &[&[&'static Type]]) {
    let mut position = 0;
    while position < comparisons.len() {
        if all_have_a_place(comparisons[position]) {
            return;
        }
        position += 1;
    }
    panic!("{}", about(state).str(NO_DEFAULT).as_str());
}

const fn all_have_a_place(types: &[&'static Type]) -> bool {
    let mut position = 0;
    while position < types.len() {
        let mut ty = types[position];
        while let Shape::Newtype(inner) = ty.shape {
            ty = inner;
        }
        if matches!(ty.shape, Shape::Json | Shape::Float) {
            return false;
        }
        position += 1;
    }
    true
}

/// Returns how a value is a condition.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn truth<T: Data>(state: &str, value: &str) -> usize {
    match T::TYPE.shape {
        Shape::Boolean => BOOLEANS,
        Shape::Json => DYNAMIC,
        _ => {
            let text = about(state).code(value).str(" is no condition: it is ").ty_code(T::TYPE);
            panic!("{}", text.as_str())
        }
    }
}

/// Returns how a value may be absent, where it is part of a `B`.
///
/// # Panics
///
/// When it is always present.
#[track_caller]
#[must_use]
pub const fn absence<T: Data, B: Data>(state: &str, value: &str, test: &str) -> usize {
    let presence = same(test, "is_present");
    match T::TYPE.shape {
        Shape::Option => 0,
        Shape::Json => 1,
        // The elements of a list and the members of a map may be missing, whatever their type.
        _ if presence && matches!(B::TYPE.shape, Shape::List | Shape::Map) => 2,
        _ => {
            let always =
                if presence { " is always present: it is " } else { " is never null: it is " };
            panic!("{}", about(state).code(value).str(always).ty_code(T::TYPE).as_str())
        }
    }
}

/// Returns whether a condition of ASL sees a value as it is (0) or as data without a type (1), since it may be null.
#[must_use]
pub const fn seen<T: Data>() -> usize {
    match T::TYPE.shape {
        Shape::Option => 1,
        Shape::Newtype(inner) if matches!(inner.shape, Shape::Option) => 1,
        _ => 0,
    }
}

/// Returns whether data are without a type already (0), or are asked as data without one (1).
#[must_use]
pub const fn as_json<T: Data>() -> usize {
    if is_json(T::TYPE) { 0 } else { 1 }
}

/// Returns the kind of a type test.
///
/// # Panics
///
/// When the type is known while compiling.
#[track_caller]
#[must_use]
pub const fn type_test<T: Data>(state: &str, value: &str, test: &str) -> usize {
    if is_json(T::TYPE) {
        return DYNAMIC;
    }
    let text =
        about(state).code(test).str(" asks for the type of `Json`, and ").code(value).str(" is ");
    panic!("{}", text.ty_code(T::TYPE).str(" always").as_str())
}

/// Returns how a value is matched with a pattern.
///
/// # Panics
///
/// When it is no text.
#[track_caller]
#[must_use]
pub const fn pattern<T: Data>(state: &str, value: &str) -> usize {
    match T::TYPE.shape {
        Shape::Text => TEXTS,
        Shape::Json => DYNAMIC,
        _ => {
            let text =
                about(state).str("`string_matches` asks for text, and ").code(value).str(" is ");
            panic!("{}", text.ty_code(T::TYPE).as_str())
        }
    }
}
