//! How a value goes into the place that is meant for it: unchanged, into an `Option`, into [`Json`] or out of it.
//!
//! Which of them it is, is found while compiling ([`check::fit`](crate::check)); `K` is the answer.

#![allow(
    clippy::missing_errors_doc,
    reason = "a literal fails where a conversion may: the callers treat all alike"
)]

use std::marker::PhantomData;

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};
use crate::number::Number;
use crate::parts::{Build, Fill};

/// A conversion from one type to another.
pub trait Conversion {
    /// The type of the value.
    type From: Data;
    /// The type of the place.
    type To: Data;

    /// Converts.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when data without a type are not of the type that the place has.
    fn convert(value: Self::From) -> Result<Self::To, Failed>;
}

/// The conversion from `A` to `B`.
#[derive(Debug)]
pub struct Fit<A, B, const K: usize>(PhantomData<(A, B)>);

/// The types are the same.
pub(crate) const SAME: usize = 0;
/// The value goes into an `Option`.
pub(crate) const SOME: usize = 1;
/// The place takes any JSON.
pub(crate) const TO_JSON: usize = 2;
/// The value is JSON, and is read as the type of the place.
pub(crate) const FROM_JSON: usize = 3;
/// A number goes into a wider type, which loses nothing.
pub(crate) const WIDEN: usize = 4;
/// A task without arguments ignores what it is given.
pub(crate) const DISCARD: usize = 5;

impl<A: Data> Conversion for Fit<A, A, SAME> {
    type From = A;
    type To = A;

    #[inline]
    fn convert(value: A) -> Result<A, Failed> {
        Ok(value)
    }
}

impl<A: Data> Conversion for Fit<A, Option<A>, SOME> {
    type From = A;
    type To = Option<A>;

    #[inline]
    fn convert(value: A) -> Result<Option<A>, Failed> {
        Ok(Some(value))
    }
}

impl<A: Data> Conversion for Fit<A, Json, TO_JSON> {
    type From = A;
    type To = Json;

    fn convert(value: A) -> Result<Json, Failed> {
        to_json(&value)
    }
}

impl<A: Data, B: Data> Conversion for Fit<A, B, FROM_JSON> {
    type From = A;
    type To = B;

    fn convert(value: A) -> Result<B, Failed> {
        from_json(to_json(&value)?)
    }
}

impl<A: Data> Conversion for Fit<A, (), DISCARD> {
    type From = A;
    type To = ();

    #[inline]
    fn convert(_: A) -> Result<(), Failed> {
        Ok(())
    }
}

impl<A: Number, B: Number> Conversion for Fit<A, B, WIDEN> {
    type From = A;
    type To = B;

    #[inline]
    fn convert(value: A) -> Result<B, Failed> {
        Ok(match value.integer() {
            Some(integer) => B::of_integer(integer),
            None => B::of_float(value.float()),
        })
    }
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

/// The place of a literal.
#[derive(Debug)]
pub struct Literal<B, const K: usize>(PhantomData<B>);

impl<B: Number> Literal<B, SAME> {
    /// The number, which checks while compiling have found to fit.
    #[inline]
    pub fn integer(value: i128) -> Result<B, Failed> {
        Ok(B::of_integer(value))
    }

    /// The fraction.
    #[inline]
    pub fn float(value: f64) -> Result<B, Failed> {
        Ok(B::of_float(value))
    }
}

impl<B: Number> Literal<Option<B>, SOME> {
    /// The number, which checks while compiling have found to fit.
    #[inline]
    pub fn integer(value: i128) -> Result<Option<B>, Failed> {
        Ok(Some(B::of_integer(value)))
    }

    /// The fraction.
    #[inline]
    pub fn float(value: f64) -> Result<Option<B>, Failed> {
        Ok(Some(B::of_float(value)))
    }
}

impl Literal<Json, TO_JSON> {
    /// The number.
    ///
    /// # Errors
    ///
    /// `States.Runtime` for a number that JSON in this implementation has not: one beyond 64 bits.
    pub fn integer(value: i128) -> Result<Json, Failed> {
        serde_json::Number::from_i128(value).map(Json::Number).ok_or_else(|| {
            ErrorOutput::runtime(format!("the number {value} has more than 64 bits"))
        })
    }

    /// The fraction.
    #[inline]
    pub fn float(value: f64) -> Result<Json, Failed> {
        Ok(Json::from(value))
    }

    /// Null.
    #[inline]
    pub fn null() -> Result<Json, Failed> {
        Ok(Json::Null)
    }

    /// The text.
    #[inline]
    pub fn text(value: &'static str) -> Result<Json, Failed> {
        Ok(Json::from(value))
    }
}

impl<B: Data> Literal<Option<B>, TO_JSON> {
    /// No value.
    #[inline]
    pub fn null() -> Result<Option<B>, Failed> {
        Ok(None)
    }
}

impl Literal<(), TO_JSON> {
    /// No value.
    #[inline]
    pub fn null() -> Result<(), Failed> {
        Ok(())
    }
}

impl Literal<String, SAME> {
    /// The text.
    #[inline]
    pub fn text(value: &'static str) -> Result<String, Failed> {
        Ok(value.to_owned())
    }
}

impl Literal<Option<String>, SOME> {
    /// The text.
    #[inline]
    pub fn text(value: &'static str) -> Result<Option<String>, Failed> {
        Ok(Some(value.to_owned()))
    }
}

impl<B: Data> Literal<B, FROM_JSON> {
    /// The value that is written as this number.
    pub fn integer(value: i128) -> Result<B, Failed> {
        from_json(Literal::<Json, TO_JSON>::integer(value)?)
    }

    /// The value that is written as this fraction.
    pub fn float(value: f64) -> Result<B, Failed> {
        from_json(Json::from(value))
    }

    /// The value that is written as this text.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the text is not a value of the type.
    pub fn text(value: &'static str) -> Result<B, Failed> {
        from_json(Json::from(value))
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
