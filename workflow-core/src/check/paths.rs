//! Paths: whether the type has what a segment asks for.

use super::{about, instead, is_envelope, is_json, names_of};
use crate::data::{Data, Field, Shape, Type};
use crate::parts::{ELEMENT, NAMED};
use crate::text::{Text, is_index, same};

/// Where a path stands and how far it was followed.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// The state.
    pub state: &'static str,
    /// The path up to and with the segment in question.
    pub path: &'static str,
    /// The path up to that segment.
    pub base: &'static str,
}

const fn find(fields: &[Field], name: &str) -> Option<usize> {
    let mut position = 0;
    while position < fields.len() {
        if fields[position].flattened.is_none() && same(fields[position].name, name) {
            return Some(position);
        }
        position += 1;
    }
    None
}

/// Where a flattened field of a type has a field of this name: both positions.
const fn find_flattened(ty: &Type, name: &str) -> Option<(usize, usize)> {
    let fields = ty.fields();
    let mut position = 0;
    while position < fields.len() {
        if let Some(inner) = fields[position].flattened {
            if matches!(inner.shape, Shape::Map | Shape::Json) {
                return Some((position, NAMED));
            }
            if let Some(found) = find(inner.fields(), name) {
                return Some((position, found));
            }
        }
        position += 1;
    }
    None
}

/// Through boxes and newtypes, to what is in them.
const fn inside(ty: &'static Type) -> &'static Type {
    match ty.shape {
        Shape::Newtype(inner) => inside(inner),
        _ if same(ty.name, "Box") && !ty.parameters.is_empty() => inside(ty.parameters[0]),
        _ => ty,
    }
}

/// Returns the position of a field.
///
/// # Panics
///
/// When the type has no such field.
#[track_caller]
#[must_use]
pub const fn field<T: Data>(at: At, name: &str) -> usize {
    let ty = inside(T::TYPE);
    if let Some(position) = find(ty.fields(), name) {
        return position;
    }
    if let Some((position, _)) = find_flattened(ty, name) {
        return position;
    }
    let text = match ty.shape {
        Shape::Json | Shape::Map => return NAMED,
        Shape::Option => through_option(at, ty),
        _ => about(at.state).str("no results for path ").code(at.path).str(": "),
    };
    let text = text.ty_code(ty).str(" has no field ").code(name);
    let text = match ty.shape {
        Shape::Object(fields) => {
            let (names, count) = names_of(fields);
            let text = instead(text, name, names.split_at(count).0);
            if is_envelope(ty) {
                text.str("\nhelp: the result of the function is `").str(at.base).str(".Payload`")
            } else {
                text
            }
        }
        _ => without_fields(text, at, ty, name),
    };
    panic!("{}", text.as_str())
}

/// Returns the position of a field that a result goes into, by `result_path`.
///
/// # Panics
///
/// When the type has no such field.
#[track_caller]
#[must_use]
pub const fn written_field<T: Data>(at: At, name: &str) -> usize {
    if let Shape::Object(fields) = T::TYPE.shape
        && find(fields, name).is_none()
        && find_flattened(T::TYPE, name).is_none()
    {
        let text =
            about(at.state).code(at.path).str(" is no place for the result: ").ty_code(T::TYPE);
        let (names, count) = names_of(fields);
        let text = instead(text.str(" has no field ").code(name), name, names.split_at(count).0);
        let help = "\nhelp: keep it in a variable, with `assign` and `result_path: null`, or give the type an `Option` for it";
        panic!("{}", text.str(help).as_str())
    }
    field::<T>(at, name)
}

/// Returns 0, or for a field of a flattened field one more than its position there. It fails never: [`field`] does.
#[must_use]
pub const fn flattened<T: Data>(name: &str) -> usize {
    let ty = inside(T::TYPE);
    if find(ty.fields(), name).is_some() {
        return 0;
    }
    match find_flattened(ty, name) {
        Some((_, inner)) => inner + 1,
        None => 0,
    }
}

const fn without_fields(text: Text, at: At, ty: &Type, name: &str) -> Text {
    match ty.shape {
        Shape::List | Shape::Tuple if is_index(name) => {
            text.str("\nhelp: an element is `").str(at.base).str("[").str(name).str("]`")
        }
        Shape::List => text
            .str("\nhelp: it is a list: write `")
            .str(at.base)
            .str("[0].")
            .str(name)
            .str("` or `")
            .str(at.base)
            .str("[*].")
            .str(name)
            .str("`"),
        Shape::Tuple => text
            .str("\nhelp: it has one element for each branch: write `")
            .str(at.base)
            .str("[0].")
            .str(name)
            .str("`"),
        Shape::Enum([first, ..]) => text
            .str("\nhelp: it is an enum: a Choice state asks for a variant, as in `")
            .str(at.base)
            .str(" == ")
            .variant(ty, first)
            .str("`; what it holds is read off its JSON, with `json(")
            .str(at.base)
            .str(")` in a state before"),
        _ => text,
    }
}

#[track_caller]
const fn through_option(at: At, ty: &Type) -> ! {
    let text = about(at.state)
        .str("path ")
        .code(at.path)
        .str(" goes through ")
        .code(at.base)
        .str(", which may be absent: it is ")
        .ty_code(ty)
        .str("\nhelp: write `")
        .str(at.base)
        .str("?` to fail the execution where it is absent, and ask `is_present(")
        .str(at.base)
        .str(")` in a Choice state before");
    panic!("{}", text.as_str())
}

/// Returns the position of an element.
///
/// # Panics
///
/// When the type is no list, or a tuple that is shorter.
#[track_caller]
#[must_use]
pub const fn element<T: Data>(at: At, index: i64) -> usize {
    let ty = inside(T::TYPE);
    let text = about(at.state).str("no results for path ").code(at.path).str(": ").ty_code(ty);
    let text = match ty.shape {
        Shape::List => return ELEMENT,
        Shape::Json => return NAMED,
        Shape::Option => through_option(at, ty),
        Shape::Tuple => {
            let length = ty.parameters.len() as i64;
            let position = if index < 0 { index + length } else { index };
            if position >= 0 && position < length {
                return position as usize;
            }
            let text = text.str(" has only ").number(ty.parameters.len());
            if ty.parameters.len() == 1 {
                text.str(" element, `[0]`")
            } else {
                text.str(" elements, from `[0]`")
            }
        }
        _ => text.str(" is not a list"),
    };
    panic!("{}", text.as_str())
}

/// Returns how `?` unwraps a value.
///
/// # Panics
///
/// When the value is never absent.
#[track_caller]
#[must_use]
pub const fn present<T: Data>(at: At) -> usize {
    let ty = T::TYPE;
    match ty.shape {
        Shape::Option => return 0,
        Shape::Json => return 1,
        _ => {}
    }
    let text = about(at.state)
        .code(at.base)
        .str(" is never absent: it is ")
        .ty_code(ty)
        .str("\nhelp: remove the `?`");
    panic!("{}", text.as_str())
}

/// Returns whether a definition of ASL looks into an `Option` (0) or at the value itself (1).
#[must_use]
pub const fn opened<T: Data>() -> usize {
    if matches!(T::TYPE.shape, Shape::Option) { 0 } else { 1 }
}

/// Returns whether a definition of ASL puts a field into a value of the type (0), or into the value as data without one (1),
/// since the type has no such field.
#[must_use]
pub const fn room<T: Data>(name: &str) -> usize {
    let ty = inside(T::TYPE);
    let has = find(ty.fields(), name).is_some() || find_flattened(ty, name).is_some();
    if has || matches!(ty.shape, Shape::Json | Shape::Map) { 0 } else { 1 }
}

/// Returns how the path to a field of a `B` is present in a definition of ASL: where its JSON leaves an absent value out, as the
/// value is (0), and always otherwise (2).
#[must_use]
pub const fn presence<T: Data, B: Data>(name: &str) -> usize {
    let fields = B::TYPE.fields();
    match find(fields, name) {
        Some(position) if fields[position].omitted && matches!(T::TYPE.shape, Shape::Option) => 0,
        _ => 2,
    }
}

/// Returns how a value has elements: for `[*]`, slices, filters, and the items of a Map state.
///
/// # Panics
///
/// When it has none.
#[track_caller]
#[must_use]
pub const fn each<T: Data>(at: At) -> usize {
    let ty = T::TYPE;
    match ty.shape {
        Shape::List => return 0,
        Shape::Json => return 1,
        Shape::Option => through_option(at, ty),
        _ => {}
    }
    let text = about(at.state).code(at.base).str(" is not a list: it is ").ty_code(ty);
    panic!("{}", text.as_str())
}

/// Returns 0 for data without a type, in which `..` may look.
///
/// # Panics
///
/// When the data have a type.
#[track_caller]
#[must_use]
pub const fn descendants<T: Data>(at: At) -> usize {
    if !is_json(T::TYPE) {
        let text = about(at.state).str("`..`");
        only_json(text, at, T::TYPE, "name the fields on the way")
    }
    0
}

/// Returns 0 for data without a type, of which a path takes several fields.
///
/// # Panics
///
/// When the data have a type.
#[track_caller]
#[must_use]
pub const fn names<T: Data>(at: At) -> usize {
    if !is_json(T::TYPE) {
        let text = about(at.state).str("path ").code(at.path);
        only_json(text, at, T::TYPE, "name the fields in a template, each with its own path")
    }
    0
}

/// Returns 0 for data without a type, which the JSONPath library looks into.
///
/// # Panics
///
/// When the data have a type, or the library is not there.
#[track_caller]
#[must_use]
pub const fn query<T: Data>(at: At) -> usize {
    if cfg!(not(feature = "jsonpath")) {
        let text = about(at.state)
            .str("path ")
            .code(at.path)
            .str(" is read by a JSONPath library, which is not there")
            .str("\nhelp: enable the feature `jsonpath` of workflow-core");
        panic!("{}", text.as_str())
    }
    if !is_json(T::TYPE) {
        let text = about(at.state).str("path ").code(at.path);
        only_json(text, at, T::TYPE, "name one field or one element in each step")
    }
    0
}

/// Ends a message about something that looks only into data without a type.
#[track_caller]
const fn only_json(text: Text, at: At, ty: &Type, help: &str) -> ! {
    let text = text
        .str(" looks only into `Json`, and ")
        .code(at.base)
        .str(" is ")
        .ty_code(ty)
        .str("\nhelp: ")
        .str(help);
    panic!("{}", text.as_str())
}
