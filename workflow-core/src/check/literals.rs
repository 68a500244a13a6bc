//! Literals of Rust: variants with data, tuple structs and newtypes. Their fields are held to their types as those of any object.

use super::about;
use super::comparisons::variant_position;
use crate::data::{Data, Shape, Type};
use crate::text::{Text, is_index};

/// How many fields a variant has at most that a literal makes: as many as a tuple of types.
const WIDEST: usize = 12;

/// Returns the position of the variant of the enum `E` that a literal of so many fields builds.
///
/// # Panics
///
/// When `E` has no such variant, or one with another number of fields without names.
#[track_caller]
#[must_use]
pub const fn variant_literal<E: Data>(
    state: &str,
    name: &str,
    given: usize,
    is_tuple: bool,
) -> usize {
    let position = variant_position(E::TYPE, state, name);
    let fields = E::TYPE.variants()[position].fields;
    let said = about(state).str("variant ").code(name).str(" of ").ty_code(E::TYPE);
    if fields.is_empty() {
        panic!(
            "{}",
            said.str(" holds no data\nhelp: write it without what follows its name").as_str()
        )
    }
    if is_tuple && !is_index(fields[0].name) {
        let text = said.str(" has fields with names\nhelp: write `").str(E::TYPE.name).str("::");
        let text = text.str(name).str(" { ").str(fields[0].rust_name).str(": .. }`");
        panic!("{}", text.as_str())
    }
    if fields.len() > WIDEST {
        let text = said.str(" has more than 12 fields, which no literal fills");
        panic!("{}", text.str("\nhelp: let it hold a struct").as_str())
    }
    if is_tuple && fields.len() != given {
        panic!("{}", counted(said, fields.len(), given).as_str())
    }
    position
}

/// Returns 0 for a tuple struct, or a newtype, of so many fields. A type that is no data is described as nothing.
///
/// # Panics
///
/// When it is something else.
#[track_caller]
#[must_use]
pub const fn tuple_literal(state: &str, name: &str, ty: &Type, given: usize) -> usize {
    let said = about(state).code(name);
    let fields = match ty.shape {
        _ if ty.name.is_empty() => {
            let help = "\nhelp: add `#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]` to a type of yours; a task and a workflow are called in the `call` field of a Task state";
            panic!("{}", said.str(" is no data").str(help).as_str())
        }
        Shape::Newtype(_) => 1,
        Shape::Tuple => ty.parameters.len(),
        Shape::Object([first, ..]) => {
            let text = said.str(" has fields with names\nhelp: write `").str(name).str(" { ");
            panic!("{}", text.str(first.rust_name).str(": .. }`").as_str())
        }
        _ => panic!("{}", said.str(" is no tuple struct").as_str()),
    };
    if fields != given {
        panic!("{}", counted(said, fields, given).as_str())
    }
    0
}

/// Goes on: " has 2 fields, and gets 1".
const fn counted(text: Text, fields: usize, given: usize) -> Text {
    let noun = if fields == 1 { " field, and gets " } else { " fields, and gets " };
    text.str(" has ").number(fields).str(noun).number(given)
}
