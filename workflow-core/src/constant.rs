//! Constants of Rust in expressions: their type is known to the compiler alone, and text is a `&str` there, a list a slice.

use std::any::Any;
use std::cmp::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::choice::dynamic;
use crate::data::{Data, Json, Shape, Type};
use crate::error::{ErrorOutput, Failed};
use crate::fit::from_json;
use crate::number::Seconds;
use crate::text::same;

/// A type that a constant may have: data, text, or a slice or an array of these.
#[diagnostic::on_unimplemented(
    message = "a constant of type `{Self}` is no value of a workflow",
    label = "it is neither data, nor a `&str`, nor a slice or an array of these"
)]
pub trait Constant: Serialize + Any {
    /// The description of the data that the constant stands for.
    const TYPE: &'static Type;
}

#[diagnostic::do_not_recommend]
impl<T: Data> Constant for T {
    const TYPE: &'static Type = <T as Data>::TYPE;
}

#[diagnostic::do_not_recommend]
impl Constant for &'static str {
    const TYPE: &'static Type = <String as Data>::TYPE;
}

#[diagnostic::do_not_recommend]
impl<A: Constant> Constant for &'static [A] {
    const TYPE: &'static Type =
        &Type { name: "Vec", module: "", parameters: &[A::TYPE], shape: Shape::List };
}

/// A time, which a limit takes and no other place: as JSON it would be an object of seconds and nanoseconds.
#[diagnostic::do_not_recommend]
impl Constant for Duration {
    const TYPE: &'static Type = &DURATION;
}

const DURATION: Type =
    Type { name: "Duration", module: "std::time", parameters: &[], shape: Shape::Object(&[]) };

/// Whether a description is that of a `Duration`.
pub(crate) const fn is_duration(ty: &Type) -> bool {
    same(ty.name, DURATION.name) && same(ty.module, DURATION.module)
}

/// Whether a description is that of a `Duration`, or of a list of them.
pub(crate) const fn has_duration(ty: &Type) -> bool {
    is_duration(ty) || matches!(ty.shape, Shape::List) && has_duration(ty.parameters[0])
}

/// Returns the time that a constant stands for: a `Duration`, or a whole number of seconds.
///
/// # Errors
///
/// `States.Runtime` for what is neither, a negative number, or a time over ASL's limit.
pub fn time<A: Serialize + Any>(constant: &A) -> Result<Duration, Failed> {
    match (constant as &dyn Any).downcast_ref::<Duration>() {
        Some(time) => Seconds::<u64, 0>::duration(time.as_secs()).map(|_| *time),
        None => Seconds::<Json, 1>::duration(json(constant)?),
    }
}

#[diagnostic::do_not_recommend]
impl<A: Constant, const N: usize> Constant for [A; N]
where
    [A; N]: Serialize,
{
    const TYPE: &'static Type = <&'static [A] as Constant>::TYPE;
}

/// Returns the description of a constant.
#[must_use]
pub const fn type_of<A: Constant>(_: &A) -> &'static Type {
    A::TYPE
}

/// Returns a constant as a value of the type that its place has, which checks while compiling have found to fit.
///
/// # Errors
///
/// `States.Runtime` when it is JSON, and no value of that type.
pub fn constant<B: Data, A: Serialize + Any>(value: &A) -> Result<B, Failed> {
    match (value as &dyn Any).downcast_ref::<B>() {
        Some(same) => Ok(same.clone()),
        None => from_json(json(value)?),
    }
}

/// Returns the order of a value and a constant, or `None` when they cannot be compared.
pub fn order<L: Data, A: Serialize + Any>(left: &L, constant: &A) -> Option<Ordering> {
    let times = |value: &dyn Any| value.downcast_ref::<Timestamp>().copied();
    if let (Some(left), Some(right)) = (times(left), times(constant)) {
        return Some(left.cmp(&right));
    }
    dynamic(&crate::fit::to_json(left).ok()?, &json(constant).ok()?)
}

fn json(value: &impl Serialize) -> Result<Json, Failed> {
    serde_json::to_value(value).map_err(|error| {
        ErrorOutput::runtime(format!("a constant cannot be written as JSON: {error}"))
    })
}
