//! How a value goes into the place that is meant for it: unchanged, into an `Option`, into [`Json`] or out of it.
//!
//! That it does is checked while compiling ([`check::fit`](crate::check)). Which way it takes is the answer of the same
//! question, asked once for each pair of types and not in every state: the compiler computes it where it makes code for the two.

use std::any::Any;
use std::marker::PhantomData;

use crate::check::conversions::{DISCARD, FROM_JSON, SAME, SOME, TO_JSON, conversion_of, inside};
use crate::data::{Data, Json, Shape, Type};
use crate::error::{ErrorOutput, Failed};
use crate::parts::{Build, Fill};

/// Converts a value to the type of its place.
///
/// # Errors
///
/// `States.Runtime` when data without a type are not of the type that the place has, or a value has no JSON form.
#[inline]
pub fn convert<A: Data, B: Data>(value: A) -> Result<B, Failed> {
    // Every arm takes the value, so that there is nothing to drop on the way out.
    match const { conversion_of(A::TYPE, B::TYPE) } {
        SAME => same(value),
        SOME => same(Some(value)),
        TO_JSON => same(into_json(value)?),
        FROM_JSON => from_json(same(value)?),
        DISCARD => discard(value),
        _ => from_json(into_json(value)?),
    }
}

fn into_json<A: Data>(value: A) -> Result<Json, Failed> {
    to_json(&value)
}

fn discard<A, B: Data>(_: A) -> Result<B, Failed> {
    same(())
}

/// A value as what it is: `A` and `B` are descriptions of one type.
///
/// # Errors
///
/// `States.Runtime` for two types of one name and module, which checks while compiling refuse.
#[inline]
fn same<A: Any, B: Data>(value: A) -> Result<B, Failed> {
    // Where the two are one type, a function from `A` to `A` is one from `A` to `B`; code that is optimized has neither.
    let identity: fn(A) -> A = |value| value;
    match (&identity as &dyn Any).downcast_ref::<fn(A) -> B>() {
        Some(identity) => Ok(identity(value)),
        None => Err(two_types(B::TYPE)),
    }
}

#[cold]
fn two_types(ty: &Type) -> Failed {
    ErrorOutput::runtime(format!("there are two types `{ty}`"))
}

/// Writes a value as JSON.
///
/// # Errors
///
/// `States.Runtime` when the value has no JSON form, such as a map whose keys are no text.
pub fn to_json<T: Data>(value: &T) -> Result<Json, Failed> {
    serde_json::to_value(value).map_err(|error| {
        ErrorOutput::runtime(format!("a `{}` cannot be written as JSON: {error}", T::TYPE))
    })
}

/// Reads JSON as a type.
///
/// # Errors
///
/// `States.Runtime` when it is not of that type.
pub fn from_json<T: Data>(value: Json) -> Result<T, Failed> {
    serde_json::from_value(value).map_err(|error| {
        ErrorOutput::runtime(format!("the data cannot be read as `{}`: {error}", T::TYPE))
    })
}

/// A text that is written in a workflow, as the type of its place.
///
/// # Errors
///
/// `States.Runtime` when it is no value of the type, which checks while compiling rule out for the types that they know.
#[inline]
pub fn text<B: Data>(value: &'static str) -> Result<B, Failed> {
    match const { conversion_of(String::TYPE, B::TYPE) } {
        SAME => same(value.to_owned()),
        SOME => same(Some(value.to_owned())),
        _ => from_json(Json::from(value)),
    }
}

/// A number with a fraction or `null` that is written in a workflow, as the type of its place.
///
/// # Errors
///
/// None that checks while compiling would not find.
#[inline]
pub fn literal<B: Data>(value: impl Into<Json>) -> Result<B, Failed> {
    from_json(value.into())
}

/// An integer that is written in a workflow, as the type of its place.
///
/// # Errors
///
/// `States.Runtime` for a number that JSON in this implementation has not: one beyond 64 bits.
pub fn integer<B: Data>(value: i128) -> Result<B, Failed> {
    match serde_json::Number::from_i128(value) {
        Some(number) => from_json(Json::Number(number)),
        None if matches!(inside(B::TYPE).shape, Shape::Float) => {
            from_json(Json::from(value as f64))
        }
        None => Err(ErrorOutput::runtime(format!("the number {value} has more than 64 bits"))),
    }
}

/// The field at position `I` of the object that is built.
#[derive(Debug)]
pub struct Filled<B, const I: usize>(PhantomData<B>);

/// A field that is filled: its type.
pub trait FieldOf {
    /// The object.
    type Object: Data<Parts: Build<Self::Object>>;
    /// The type of the field.
    type Value: Data;

    /// Fills it.
    fn fill(slots: &mut SlotsOf<Self::Object>, name: &'static str, value: Self::Value);
}

/// The places for the fields of an object.
type SlotsOf<T> = <<T as Data>::Parts as Build<T>>::Slots;

impl<B: Data<Parts: Fill<B, I>>, const I: usize> FieldOf for Filled<B, I> {
    type Object = B;
    type Value = <B::Parts as Fill<B, I>>::Value;

    #[inline]
    fn fill(slots: &mut SlotsOf<B>, name: &'static str, value: Self::Value) {
        B::Parts::fill(slots, name, value);
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;
    use crate::parts::Whole;

    macro_rules! order {
        () => {{
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            struct Order(u8);

            impl Data for Order {
                const TYPE: &'static Type = &Type {
                    name: "Order",
                    module: module_path!(),
                    parameters: &[],
                    shape: Shape::Newtype(u8::TYPE),
                };
                type Parts = Whole;
            }

            Order(1)
        }};
    }

    fn into<B: Data>(value: impl Data, _: &B) -> Result<B, Failed> {
        convert(value)
    }

    #[test]
    fn a_value_takes_the_way_to_its_place() {
        assert_eq!(convert::<_, String>("a".to_owned()), Ok("a".to_owned()));
        assert_eq!(convert::<_, Option<u8>>(1_u8), Ok(Some(1)));
        assert_eq!(convert::<_, Json>(Some(1_u8)), Ok(json!(1)));
        assert_eq!(convert::<_, Vec<u8>>(json!([1, 2])), Ok(vec![1, 2]));
        assert_eq!(convert::<_, Vec<u8>>(vec![json!(1), json!(2)]), Ok(vec![1, 2]));
        assert_eq!(convert::<_, i64>(u32::MAX), Ok(i64::from(u32::MAX)));
        assert_eq!(convert::<_, f64>(0.5_f32), Ok(0.5));
        assert_eq!(convert::<_, ()>("ignored".to_owned()), Ok(()));
    }

    #[test]
    fn data_of_another_type_fail() {
        let error = convert::<_, Vec<u8>>(json!(["one"])).expect_err("it is no number");
        assert_eq!(
            error.cause,
            "the data cannot be read as `Vec<u8>`: invalid type: string \"one\", expected u8"
        );
    }

    #[test]
    fn an_integer_has_64_bits_unless_its_place_is_for_fractions() {
        assert_eq!(integer::<Option<u64>>(u64::MAX.into()), Ok(Some(u64::MAX)));
        assert_eq!(integer::<f64>(1 << 70), Ok(1_180_591_620_717_411_303_424.0));
        let error = integer::<Json>(1 << 70).expect_err("it is too wide");
        assert_eq!(error.cause, "the number 1180591620717411303424 has more than 64 bits");
    }

    #[test]
    fn two_types_of_one_name_are_not_taken_for_each_other() {
        let (one, other) = (order!(), order!());
        assert_eq!(into(one.clone(), &one), Ok(one.clone()));
        let error = into(one, &other).expect_err("they are two types");
        assert_eq!(error.cause, "there are two types `Order`");
    }
}
