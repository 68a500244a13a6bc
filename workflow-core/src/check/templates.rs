//! Templates and literals of structs: whether they have all fields that their type requires, and none that it has not.

use super::conversions::{Site, mismatch, place};
use super::{about, instead, listed};
use crate::data::{Data, Field, Shape, Type};
use crate::text::{Text, contains, same};

/// Through `Option` and `Box`, to the object that a template builds.
const fn object(ty: &'static Type) -> &'static Type {
    match ty.shape {
        Shape::Option => object(ty.parameters[0]),
        _ if same(ty.name, "Box") && !ty.parameters.is_empty() => object(ty.parameters[0]),
        _ => ty,
    }
}

/// Returns 0 for a type that a template with these names builds: JSON names, or the Rust names of a struct literal.
///
/// # Panics
///
/// When the type is no object, or a field that it requires is missing.
#[track_caller]
#[must_use]
pub const fn template<B: Data>(site: Site, given: &[&str], rust_names: bool) -> usize {
    let ty = object(B::TYPE);
    let fields = match ty.shape {
        Shape::Json | Shape::Map => return 0,
        Shape::Object(fields) => fields,
        _ => panic!("{}", no_object(mismatch(site, B::TYPE).str(" is an object"), ty).as_str()),
    };
    if let (Some(flattened), false) = (flattened(fields), rust_names) {
        let text = place(site)
            .str(" is ")
            .ty_code(ty)
            .str(", whose field ")
            .code(flattened)
            .str(" is flattened");
        panic!(
            "{}",
            text.str("\nhelp: write a struct literal, with the Rust names of the fields").as_str()
        )
    }
    if !all_known(fields, given, rust_names) {
        return 0;
    }
    if lacks_none(fields, given, rust_names) {
        return 0;
    }
    let text = place(site).str(" is ").ty_code(ty).str(", and the object lacks ");
    panic!("{}", lacking(text, fields, given, rust_names).as_str())
}

/// What to write in place of an object where a type is none.
const fn no_object(text: Text, ty: &Type) -> Text {
    match ty.shape {
        Shape::Enum([first, ..]) if first.fields.is_empty() => {
            text.str("\nhelp: write a variant, as in `").variant(ty, first).str("`")
        }
        Shape::Enum([first, ..]) => text
            .str("\nhelp: write a variant with what it holds, as in `")
            .variant(ty, first)
            .str(" { .. }` or `")
            .variant(ty, first)
            .str("(..)`"),
        Shape::Newtype(_) => text.str("\nhelp: write `").str(ty.name).str("(..)`"),
        _ => text,
    }
}

/// Whether an object with these names has every field that is required.
const fn lacks_none(fields: &[Field], given: &[&str], rust_names: bool) -> bool {
    let mut position = 0;
    while position < fields.len() {
        let field = &fields[position];
        if field.required && !contains(given, name_of(field, rust_names)) {
            return false;
        }
        position += 1;
    }
    true
}

const fn lacking(text: Text, fields: &[Field], given: &[&str], rust_names: bool) -> Text {
    let mut missing = [""; 64];
    let mut count = 0;
    let mut position = 0;
    while position < fields.len() {
        let name = name_of(&fields[position], rust_names);
        if fields[position].required && !contains(given, name) && count < missing.len() {
            missing[count] = name;
            count += 1;
        }
        position += 1;
    }
    listed(text, missing.split_at(count).0)
}

/// The Rust name of a flattened field, where there is one.
const fn flattened(fields: &[Field]) -> Option<&'static str> {
    let mut position = 0;
    while position < fields.len() {
        if fields[position].flattened.is_some() {
            return Some(fields[position].rust_name);
        }
        position += 1;
    }
    None
}

/// Whether every name is that of a field. Where one is not, [`template_field`] says so, and a field that lacks may be meant.
const fn all_known(fields: &[Field], given: &[&str], rust_names: bool) -> bool {
    let mut known = 0;
    let mut position = 0;
    while position < fields.len() {
        if contains(given, name_of(&fields[position], rust_names)) {
            known += 1;
        }
        position += 1;
    }
    known == given.len()
}

const fn name_of(field: &Field, rust_names: bool) -> &'static str {
    if rust_names { field.rust_name } else { field.name }
}

/// Returns the position of the field that a template names.
///
/// # Panics
///
/// When the type has no such field.
#[track_caller]
#[must_use]
pub const fn template_field<B: Data>(state: &str, name: &str, rust_names: bool) -> usize {
    let ty = object(B::TYPE);
    let fields = ty.fields();
    let mut position = 0;
    while position < fields.len() {
        if same(name_of(&fields[position], rust_names), name) {
            return position;
        }
        position += 1;
    }
    if matches!(ty.shape, Shape::Json | Shape::Map) {
        return 0;
    }
    panic!("{}", no_such_field(ty, state, name, rust_names).as_str())
}

const fn no_such_field(ty: &Type, state: &str, name: &str, rust_names: bool) -> Text {
    let fields = ty.fields();
    let mut names = [""; 64];
    let mut count = 0;
    while count < fields.len() && count < names.len() {
        names[count] = name_of(&fields[count], rust_names);
        count += 1;
    }
    let text = about(state).ty_code(ty).str(" has no field ").code(name);
    instead(text, name, names.split_at(count).0)
}
