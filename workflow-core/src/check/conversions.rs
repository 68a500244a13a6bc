//! Values and their places: whether a value of one type goes into a place of another, and whether a template is complete.

use super::{about, has_json, instead, is_json, listed, same_type};
use crate::constant::has_duration;
use crate::data::{Data, Field, Shape, Type};
use crate::task::Signature;
use crate::text::{Text, same};

/// A value and the place that it goes to, in the words of a message.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// The state.
    pub state: &'static str,
    /// The value as it is written.
    pub value: &'static str,
    /// The place.
    pub place: Place,
}

/// A place that a value goes to.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A place with a name of its own: "the output of the workflow", "variable `total`".
    Named(&'static str),
    /// An argument of a task, by its position.
    Argument(&'static Signature, usize),
}

/// Begins: "state `S`: argument `order` of `charge`".
pub(super) const fn place(site: Site) -> Text {
    let text = about(site.state);
    match site.place {
        Place::Named(name) => text.str(name),
        Place::Argument(task, position) if position < task.arguments.len() => {
            text.str("argument ").code(task.arguments[position]).str(" of ").code(task.name)
        }
        Place::Argument(task, _) => text.str("the input of ").code(task.name),
    }
}

pub(super) const fn mismatch(site: Site, ty: &Type) -> Text {
    if let Place::Argument(task, _) = site.place
        && is_arguments(task, ty)
    {
        let text = about(site.state).code(task.name).str(" takes the arguments ");
        let text = listed(text, task.arguments).str(", and ");
        return if site.value.is_empty() {
            text.str("what it is given")
        } else {
            text.code(site.value)
        };
    }
    let text = place(site).str(" is ").ty_code(ty).str(", and ");
    if site.value.is_empty() { text.str("what it is given") } else { text.code(site.value) }
}

/// The types are the same.
pub(crate) const SAME: usize = 0;
/// The value goes into an `Option`.
pub(crate) const SOME: usize = 1;
/// The place takes any JSON.
pub(crate) const TO_JSON: usize = 2;
/// The value is JSON, and is read as the type of the place.
pub(crate) const FROM_JSON: usize = 3;
/// The value goes the way through JSON: it has JSON in it, or is a number that goes into a wider type and loses nothing.
pub(crate) const THROUGH_JSON: usize = 4;
/// A task without arguments ignores what it is given.
pub(crate) const DISCARD: usize = 5;

/// The kind of conversion between two types, if there is one.
const fn conversion(from: &Type, to: &Type) -> Option<usize> {
    if same_type(from, to) {
        Some(SAME)
    } else if has_duration(from) {
        None
    } else if is_json(to) {
        Some(TO_JSON)
    } else if matches!(to.shape, Shape::Option) && same_type(from, to.parameters[0]) {
        Some(SOME)
    } else if is_json(from) {
        Some(FROM_JSON)
    } else if has_json(from) || has_json(to) && same(from.name, to.name) || widens(from, to) {
        Some(THROUGH_JSON)
    } else {
        None
    }
}

/// The kind of conversion between two types of which a check has found that one goes into the other.
pub(crate) const fn conversion_of(from: &Type, to: &Type) -> usize {
    match conversion(from, to) {
        Some(kind) => kind,
        None => DISCARD,
    }
}

/// Whether every number of one type is a number of the other.
const fn widens(from: &Type, to: &Type) -> bool {
    match (from.shape, to.shape) {
        (Shape::Integer(least, most), Shape::Integer(lower, upper)) => {
            lower <= least && most <= upper
        }
        // The fractions hold every integer of 32 bits, and `f64` every `f32`.
        (Shape::Integer(least, most), Shape::Float) => {
            same(to.name, "f64") && least >= i32::MIN as i128 && most <= u32::MAX as i128
        }
        (Shape::Float, Shape::Float) => same(from.name, "f32"),
        _ => false,
    }
}

/// Checks that an `A` goes into a place of type `B`. `is_same` tells whether it is a `B`, or what the `Option` `B` holds.
///
/// # Panics
///
/// When it does not.
#[track_caller]
pub const fn fit<A: Data, B: Data>(site: Site, is_same: bool) {
    let (from, to) = (A::TYPE, B::TYPE);
    if !is_same && matches!(conversion(from, to), Some(SAME | SOME)) {
        panic!("{}", mismatch(site, to).str(" is another type of that name").as_str())
    }
    fitting(site, from, to);
}

/// Checks that a constant of a type goes into a place of type `B`.
///
/// # Panics
///
/// When it does not.
#[track_caller]
pub const fn fit_constant<B: Data>(site: Site, ty: &'static Type) {
    fitting(site, ty, B::TYPE);
}

#[track_caller]
const fn fitting(site: Site, from: &Type, to: &Type) {
    if conversion(from, to).is_some()
        || matches!((site.place, to.shape), (Place::Argument(..), Shape::Null))
    {
        return;
    }
    let text = mismatch(site, to).str(" is ").ty_code(from);
    let text = if matches!(from.shape, Shape::Option)
        && conversion(from.parameters[0], to).is_some()
        && !site.value.is_empty()
    {
        text.str("\nhelp: write `")
            .str(site.value)
            .str("?` to fail the execution where it is absent")
    } else if has_duration(from) {
        text.str("\nhelp: a `Duration` goes into a limit of time alone; elsewhere write a number of seconds")
    } else if let Place::Argument(task, _) = site.place
        && is_arguments(task, to)
    {
        let text = text.str("\nhelp: write a value for each, as in `").str(task.name).str("($.");
        text.str(task.arguments[0]).str(", ..)`")
    } else if let Shape::Newtype(inner) = to.shape
        && conversion(from, inner).is_some()
        && !site.value.is_empty()
    {
        text.str("\nhelp: write `").str(to.name).str("(").str(site.value).str(")`")
    } else if matches!((from.shape, to.shape), (Shape::Tuple, Shape::List)) {
        text.str("\nhelp: make a list of its elements, as in `[$[0], $[1]]`")
    } else if is_by_json(from, to) && !site.value.is_empty() {
        let text = text.str("\nhelp: `json(").str(site.value).str(")` is read as ").ty_code(to);
        text.str(" when the workflow runs, and fails where it is none")
    } else if is_invoked(from, to) && !site.value.is_empty() {
        text.str("\nhelp: the result of the function is `").str(site.value).str(".Payload`")
    } else {
        text
    };
    panic!("{}", text.as_str())
}

/// Whether a type is the object of a task's arguments, which users do not name.
const fn is_arguments(task: &Signature, ty: &Type) -> bool {
    let fields = ty.fields();
    if task.arguments.len() < 2 || fields.len() != task.arguments.len() {
        return false;
    }
    let mut position = 0;
    while position < fields.len() {
        if !same(fields[position].name, task.arguments[position]) {
            return false;
        }
        position += 1;
    }
    true
}

/// Whether a value may be one of another type, which only its JSON tells: a number, or what a newtype holds.
const fn is_by_json(from: &Type, to: &Type) -> bool {
    match from.shape {
        Shape::Newtype(inner) => conversion(inner, to).is_some() || is_by_json(inner, to),
        _ => super::is_number(from) && super::is_number(to),
    }
}

/// Whether a value is the envelope of an invocation, [`Invoke`](crate::lambda::Invoke), with what goes into the place in it.
const fn is_invoked(from: &Type, to: &Type) -> bool {
    same(from.name, "Invoke")
        && same(from.module, "workflow_core::lambda")
        && conversion(from.parameters[0], to).is_some()
}

/// Checks that an integer literal goes into a place of type `B`.
///
/// # Panics
///
/// When it does not.
#[track_caller]
pub const fn fit_integer<B: Data>(site: Site, value: i128) {
    match inside(B::TYPE).shape {
        Shape::Json | Shape::Float => {}
        Shape::Integer(least, most) if least <= value && value <= most => {}
        Shape::Integer(..) => {
            panic!("{}", mismatch(site, B::TYPE).str(" is out of its range").as_str())
        }
        _ => panic!("{}", mismatch(site, B::TYPE).str(" is an integer").as_str()),
    }
}

/// Checks that a literal with a fraction goes into a place of type `B`.
///
/// # Panics
///
/// When it does not.
#[track_caller]
pub const fn fit_float<B: Data>(site: Site) {
    match inside(B::TYPE).shape {
        Shape::Json | Shape::Float => {}
        _ => panic!("{}", mismatch(site, B::TYPE).str(" is a number with a fraction").as_str()),
    }
}

/// Checks that a text literal goes into a place of type `B`.
///
/// # Panics
///
/// When it does not, or names no variant of the enum that `B` is.
#[track_caller]
pub const fn fit_text<B: Data>(site: Site, value: &str) {
    match inside(B::TYPE).shape {
        Shape::Json | Shape::Text => {}
        Shape::Timestamp if is_timestamp(value) => {}
        Shape::Timestamp => {
            panic!("{}", mismatch(site, B::TYPE).str(" is no timestamp of RFC 3339").as_str())
        }
        Shape::Enum(variants) => {
            let mut names = [""; 64];
            let mut position = 0;
            while position < variants.len() && position < names.len() {
                if same(variants[position].name, value) && variants[position].unit {
                    return;
                }
                names[position] = variants[position].name;
                position += 1;
            }
            let text = mismatch(site, B::TYPE).str(" is none of its variants");
            panic!("{}", instead(text, value, names.split_at(position).0).as_str())
        }
        _ => panic!("{}", mismatch(site, B::TYPE).str(" is text").as_str()),
    }
}

/// Checks that `null` goes into a place of type `B`.
///
/// # Panics
///
/// When it does not.
#[track_caller]
pub const fn fit_null<B: Data>(site: Site) {
    match B::TYPE.shape {
        Shape::Option | Shape::Json | Shape::Null => {}
        _ => panic!("{}", mismatch(site, B::TYPE).str(" is no value of it").as_str()),
    }
}

/// The type that a literal for a place has: what is in an `Option`, or in a newtype.
pub(crate) const fn inside(ty: &'static Type) -> &'static Type {
    match ty.shape {
        Shape::Newtype(inner) => inside(inner),
        Shape::Option => match ty.parameters[0].shape {
            Shape::Newtype(inner) => inside(inner),
            _ => ty.parameters[0],
        },
        _ => ty,
    }
}

/// Returns how a place of type `B` is a list.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn list<B: Data>(site: Site) -> usize {
    match B::TYPE.shape {
        Shape::List => 0,
        Shape::Json => 1,
        Shape::Option if matches!(B::TYPE.parameters[0].shape, Shape::List) => 2,
        _ => panic!("{}", mismatch(site, B::TYPE).str(" is an array").as_str()),
    }
}

/// Whether a text is a timestamp as the States Language has it: `2026-03-14T01:59:00Z`, with fractions and offsets.
pub(crate) const fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let form = b"dddd-dd-ddTdd:dd:dd";
    if bytes.len() <= form.len() {
        return false;
    }
    let mut position = 0;
    while position < form.len() {
        let right = match form[position] {
            b'd' => bytes[position].is_ascii_digit(),
            letter => bytes[position] == letter,
        };
        if !right {
            return false;
        }
        position += 1;
    }
    if bytes[position] == b'.' {
        position += 1;
        let fraction = position;
        while position < bytes.len() && bytes[position].is_ascii_digit() {
            position += 1;
        }
        if position == fraction {
            return false;
        }
    }
    let is_offset = match bytes.len() - position {
        1 => bytes[position] == b'Z',
        6 => {
            matches!(bytes[position], b'+' | b'-')
                && bytes[position + 3] == b':'
                && two_digits(bytes, position + 1) <= 23
                && two_digits(bytes, position + 4) <= 59
        }
        _ => false,
    };
    is_offset
        && is_day(bytes)
        && two_digits(bytes, 11) <= 23
        && two_digits(bytes, 14) <= 59
        && two_digits(bytes, 17) <= 60
}

/// Whether the calendar has the day that `2026-03-14` at the start of a text stands for.
const fn is_day(text: &[u8]) -> bool {
    let year = two_digits(text, 0) * 100 + two_digits(text, 2);
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match two_digits(text, 5) {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let day = two_digits(text, 8);
    1 <= day && day <= days
}

/// The number of two digits; 100 where they are none.
const fn two_digits(text: &[u8], position: usize) -> u32 {
    let (tens, ones) = (text[position], text[position + 1]);
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return 100;
    }
    (tens - b'0') as u32 * 10 + (ones - b'0') as u32
}

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
        Shape::Enum([first, ..]) if first.fields.is_empty() => text
            .str("\nhelp: write a variant, as in `")
            .str(ty.name)
            .str("::")
            .str(first.rust_name)
            .str("`"),
        Shape::Enum([first, ..]) => text
            .str("\nhelp: write a variant with what it holds, as in `")
            .str(ty.name)
            .str("::")
            .str(first.rust_name)
            .str(" { .. }` or `")
            .str(ty.name)
            .str("::")
            .str(first.rust_name)
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

const fn contains(names: &[&str], name: &str) -> bool {
    let mut position = 0;
    while position < names.len() {
        if same(names[position], name) {
            return true;
        }
        position += 1;
    }
    false
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

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn a_timestamp_is_what_can_be_read_as_one() {
        for text in [
            "2026-03-14T01:59:00Z",
            "2026-03-14T01:59:00.5Z",
            "2026-03-14T01:59:00+01:00",
            "2024-02-29T23:59:59-23:59",
            "2000-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-12-00T00:00:00Z",
            "2026-12-32T00:00:00Z",
            "2026-12-31T24:00:00Z",
            "2026-12-31T00:60:00Z",
            "2026-12-31T00:00:61Z",
            "2026-12-31T00:00:00+01:60",
            "2026-12-31T00:00:00+1:000",
            "2026-12-31T00:00:00.Z",
            "2026-12-31T00:00:00",
            "2026-12-31",
            "",
        ] {
            assert_eq!(is_timestamp(text), text.parse::<jiff::Timestamp>().is_ok(), "{text}");
        }
    }
}
