//! Places where data of several types meet: the transitions into one state, and the results that one state collects.

use super::{has_json, same_type};
use crate::data::{Data, Type};
use crate::text::Text;

/// Where two transitions meet, in the words of a message.
#[derive(Debug, Clone, Copy)]
pub struct Joint {
    /// The state that they lead to, or the machine that they end.
    pub state: &'static str,
    /// What hands on the type that differs.
    pub from: &'static str,
    /// What hands on the type that is known: a state, or the machine that starts.
    pub first: &'static str,
    /// Whether the machine starts here.
    pub is_start: bool,
    /// Whether the machine ends here.
    pub is_end: bool,
}

/// Returns 0 when two transitions hand a state one type.
///
/// # Panics
///
/// When they hand it different types.
#[track_caller]
#[must_use]
pub const fn join<A: Data, B: Data>(joint: Joint) -> usize {
    if same_type(A::TYPE, B::TYPE) {
        return 0;
    }
    two_types(joint, A::TYPE, B::TYPE, "`output` in one of them")
}

/// Returns whether what two transitions of an ASL definition hand on goes on as `Json`: 1 when one of them has no type.
///
/// # Panics
///
/// When they hand on different types.
#[track_caller]
#[must_use]
pub const fn join_dynamic<A: Data, B: Data>(joint: Joint) -> usize {
    if same_type(A::TYPE, B::TYPE) {
        return 0;
    }
    if has_json(A::TYPE) || has_json(B::TYPE) {
        return 1;
    }
    two_types(joint, A::TYPE, B::TYPE, "`Parameters` in a Pass state before")
}

/// Returns whether data of these types go on as `Json`: 1 when all of them have no type, or are made of what has none.
#[must_use]
pub const fn untyped(types: &[&Type]) -> usize {
    let mut position = 0;
    while position < types.len() {
        if !has_json(types[position]) {
            return 0;
        }
        position += 1;
    }
    1
}

#[track_caller]
const fn two_types(joint: Joint, given: &Type, known: &Type, help: &str) -> ! {
    let Joint { state, from, first, is_start, is_end } = joint;
    let text = if is_end {
        Text::new().str(state).str(" ends with two types: ")
    } else {
        Text::new().str("state ").code(state).str(" is handed two types: ")
    };
    let text = text.ty_code(given).str(" by ").str(from).str(", and ").ty_code(known);
    let text = if is_start {
        text.str(" by the start of ").str(first)
    } else {
        text.str(" by ").code(first)
    };
    let text = text.str("\nhelp: give both one type, for example with ").str(help);
    panic!("{}", text.as_str())
}
