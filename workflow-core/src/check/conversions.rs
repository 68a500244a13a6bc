//! Values and their places: whether a value of one type, or a literal, goes into a place of another.

use super::timestamps::is_timestamp;
use super::{about, has_json, instead, is_envelope, is_json, listed, same_type};
use crate::constant::has_duration;
use crate::data::{Data, Shape, Type};
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
        return and_value(listed(text, task.arguments), site);
    }
    and_value(place(site).str(" is ").ty_code(ty), site)
}

const fn and_value(text: Text, site: Site) -> Text {
    let text = text.str(", and ");
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
    panic!("{}", way_out(text, site, from, to).as_str())
}

/// Adds what to write where a value of one type could go into a place of another by something between.
const fn way_out(text: Text, site: Site, from: &Type, to: &Type) -> Text {
    if matches!(from.shape, Shape::Option)
        && conversion(from.parameters[0], to).is_some()
        && !site.value.is_empty()
    {
        or_fail(text, site)
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
    }
}

/// Help for a value that may be absent.
pub(super) const fn or_fail(text: Text, site: Site) -> Text {
    text.str("\nhelp: write `").str(site.value).str("?` to fail the execution where it is absent")
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

/// Whether a value is the envelope of an invocation, with what goes into the place in it.
const fn is_invoked(from: &Type, to: &Type) -> bool {
    is_envelope(from) && conversion(from.parameters[0], to).is_some()
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
