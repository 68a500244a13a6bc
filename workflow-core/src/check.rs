//! What is checked while compiling, and what is said when a check fails: the messages that only the types can give.
//!
//! Every function here runs in a constant of generated code. It panics with the message that the user reads, at the token
//! that `workflow!` gave the call its span from, or it returns which implementation fits: the position of a field, the
//! kind of a conversion. A type that depends on a constant that failed is silent, so one mistake is one error.

mod arguments;
mod comparisons;
mod conditions;
pub(crate) mod conversions;
mod errors;
mod exports;
mod intrinsics;
mod joints;
mod literals;
mod paths;
mod templates;
mod timestamps;
mod values;

pub use arguments::*;
pub use comparisons::*;
pub use conditions::*;
pub use conversions::*;
pub use errors::*;
pub use exports::*;
pub use intrinsics::*;
pub use joints::*;
pub use literals::*;
pub use paths::*;
pub use templates::*;
pub use values::*;

use crate::data::{Field, Shape, Type};
use crate::text::{Text, distance, same};

/// Begins a message about a state; about the workflow where there is no state.
const fn about(state: &str) -> Text {
    if state.is_empty() { Text::new() } else { Text::new().str("state ").code(state).str(": ") }
}

/// Whether two descriptions are of one type.
pub(crate) const fn same_type(left: &Type, right: &Type) -> bool {
    if !same(left.name, right.name)
        || !same(left.module, right.module)
        || left.parameters.len() != right.parameters.len()
    {
        return false;
    }
    let mut position = 0;
    while position < left.parameters.len() {
        if !same_type(left.parameters[position], right.parameters[position]) {
            return false;
        }
        position += 1;
    }
    true
}

/// Whether a type is the envelope of an invocation, [`Invoke`](crate::lambda::Invoke).
const fn is_envelope(ty: &Type) -> bool {
    same(ty.name, "Invoke") && same(ty.module, "workflow_core::lambda")
}

const fn is_json(ty: &Type) -> bool {
    matches!(ty.shape, Shape::Json)
}

/// Whether a type is JSON or has JSON in it, so that only the data tell what it is.
const fn has_json(ty: &Type) -> bool {
    match ty.shape {
        Shape::Json => return true,
        Shape::Newtype(inner) => return has_json(inner),
        _ => {}
    }
    let mut position = 0;
    while position < ty.parameters.len() {
        if has_json(ty.parameters[position]) {
            return true;
        }
        position += 1;
    }
    false
}

const fn is_number(ty: &Type) -> bool {
    matches!(ty.shape, Shape::Integer(..) | Shape::Float)
}

/// Names in a list: "`a`, `b` and `c`", cut after eight.
const fn listed(mut text: Text, names: &[&str]) -> Text {
    const MOST: usize = 8;
    let mut position = 0;
    while position < names.len() && position < MOST {
        text = if position == 0 {
            text
        } else if position + 1 == names.len() {
            text.str(" and ")
        } else {
            text.str(", ")
        };
        text = text.code(names[position]);
        position += 1;
    }
    if names.len() > MOST {
        text.str(" and ").number(names.len() - MOST).str(" more")
    } else {
        text
    }
}

/// The JSON names of fields and of the fields that are flattened into them, as an array of which the first `usize` entries
/// count.
const fn names_of(fields: &[Field]) -> ([&'static str; 64], usize) {
    let mut names = [""; 64];
    let mut count = 0;
    let mut position = 0;
    while position < fields.len() {
        match fields[position].flattened {
            None => count = push(&mut names, count, fields[position].name),
            Some(inner) => {
                let mut inside = 0;
                while inside < inner.fields().len() {
                    count = push(&mut names, count, inner.fields()[inside].name);
                    inside += 1;
                }
            }
        }
        position += 1;
    }
    (names, count)
}

/// Adds a name where there is room, and returns how many there are.
const fn push(names: &mut [&'static str; 64], count: usize, name: &'static str) -> usize {
    if count == names.len() {
        return count;
    }
    names[count] = name;
    count + 1
}

/// The nearest of some names, unless all are far.
const fn nearest(name: &str, names: &[&'static str]) -> Option<&'static str> {
    let mut best = None;
    // Names that share no letter are not near, however short.
    let most = 1 + name.len() / 3;
    let mut least = if most < name.len() { most } else { name.len().saturating_sub(1) };
    let mut position = 0;
    while position < names.len() {
        let distance = distance(name, names[position]);
        if distance <= least {
            best = Some(names[position]);
            if distance == 0 {
                return best;
            }
            least = distance - 1;
        }
        position += 1;
    }
    best
}

/// What there is instead of a name that there is not: "only `a` and `b`", and a near name as help.
const fn instead(text: Text, name: &str, names: &[&'static str]) -> Text {
    let text = if names.is_empty() { text } else { listed(text.str(", only "), names) };
    match nearest(name, names) {
        Some(near) => text.str("\nhelp: a name like it is ").code(near),
        None => text,
    }
}
