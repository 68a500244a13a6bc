//! Comparisons of two values, and of a value and a literal.

use std::cmp::Ordering;
use std::marker::PhantomData;

use jiff::Timestamp;

use super::{BOOLEANS, DYNAMIC, NEWTYPE, NUMBERS, TEXTS, TIMESTAMPS, VARIANTS};
use crate::data::{Data, Enumeration, Json};
use crate::fit::to_json;
use crate::number::{self, Number};
use crate::time::timestamp_of;

/// A comparison of two values; `K` says of which kind.
pub trait Comparison {
    /// The type of the left side.
    type Left: Data;
    /// The type of the right side.
    type Right: Data;

    /// Returns the order of the two, or `None` when they cannot be compared.
    fn order(left: &Self::Left, right: &Self::Right) -> Option<Ordering>;
}

/// The comparison of an `L` with an `R`.
#[derive(Debug)]
pub struct Compare<L, R, const K: usize>(PhantomData<(L, R)>);

impl<L: Number, R: Number> Comparison for Compare<L, R, NUMBERS> {
    type Left = L;
    type Right = R;

    #[inline]
    fn order(left: &L, right: &R) -> Option<Ordering> {
        number::order(*left, *right)
    }
}

impl Comparison for Compare<String, String, TEXTS> {
    type Left = String;
    type Right = String;

    #[inline]
    fn order(left: &String, right: &String) -> Option<Ordering> {
        Some(left.cmp(right))
    }
}

impl Comparison for Compare<bool, bool, BOOLEANS> {
    type Left = bool;
    type Right = bool;

    #[inline]
    fn order(left: &bool, right: &bool) -> Option<Ordering> {
        Some(left.cmp(right))
    }
}

impl Comparison for Compare<Timestamp, Timestamp, TIMESTAMPS> {
    type Left = Timestamp;
    type Right = Timestamp;

    #[inline]
    fn order(left: &Timestamp, right: &Timestamp) -> Option<Ordering> {
        Some(left.cmp(right))
    }
}

impl<L: Data + Enumeration> Comparison for Compare<L, L, VARIANTS> {
    type Left = L;
    type Right = L;

    #[inline]
    fn order(left: &L, right: &L) -> Option<Ordering> {
        (left.variant() == right.variant()).then_some(Ordering::Equal)
    }
}

impl<L: Data, R: Data> Comparison for Compare<L, R, DYNAMIC> {
    type Left = L;
    type Right = R;

    fn order(left: &L, right: &R) -> Option<Ordering> {
        dynamic(&to_json(left).ok()?, &to_json(right).ok()?)
    }
}

/// The type of the values that a comparison of ASL compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparand {
    /// `StringEquals` and its like.
    Text,
    /// `NumericEquals` and its like.
    Number,
    /// `BooleanEquals`.
    Boolean,
    /// `TimestampEquals` and its like.
    Timestamp,
}

/// Returns the order of two values, or `None` where they are not of the type that a comparison of ASL names.
#[must_use]
pub fn order_as<L: Data, R: Data>(comparand: Comparand, left: &L, right: &R) -> Option<Ordering> {
    let (left, right) = (to_json(left).ok()?, to_json(right).ok()?);
    match comparand {
        Comparand::Text => Some(left.as_str()?.cmp(right.as_str()?)),
        Comparand::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
        Comparand::Timestamp => {
            Some(timestamp_of(left.as_str()?)?.cmp(&timestamp_of(right.as_str()?)?))
        }
        Comparand::Number if left.is_number() => dynamic(&left, &right),
        Comparand::Number => None,
    }
}

pub(crate) fn dynamic(left: &Json, right: &Json) -> Option<Ordering> {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => match (left.as_i128(), right.as_i128()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        (Json::String(left), Json::String(right)) => Some(left.cmp(right)),
        (Json::Bool(left), Json::Bool(right)) => Some(left.cmp(right)),
        (Json::Null, Json::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

/// A comparison of a value with a literal.
#[derive(Debug)]
pub struct CompareLiteral<L, const K: usize>(PhantomData<L>);

impl<L: Number> CompareLiteral<L, NUMBERS> {
    /// Compares with an integer.
    #[inline]
    pub fn integer(left: &L, right: i128) -> Option<Ordering> {
        match left.integer() {
            Some(left) => Some(left.cmp(&right)),
            None => left.float().partial_cmp(&(right as f64)),
        }
    }

    /// Compares with a fraction.
    #[inline]
    pub fn float(left: &L, right: f64) -> Option<Ordering> {
        left.float().partial_cmp(&right)
    }
}

impl CompareLiteral<String, TEXTS> {
    /// Compares with text.
    #[inline]
    pub fn text(left: &str, right: &str) -> Option<Ordering> {
        Some(left.cmp(right))
    }
}

impl CompareLiteral<bool, BOOLEANS> {
    /// Compares with a truth value.
    #[inline]
    pub fn boolean(left: &bool, right: bool) -> Option<Ordering> {
        Some(left.cmp(&right))
    }
}

impl CompareLiteral<Timestamp, TIMESTAMPS> {
    /// Compares with a timestamp, which checks while compiling have found to be one.
    pub fn text(left: &Timestamp, right: &str) -> Option<Ordering> {
        Some(left.cmp(&right.parse().ok()?))
    }
}

impl<L: Data + Enumeration> CompareLiteral<L, VARIANTS> {
    /// Compares with the JSON name of a variant.
    pub fn text(left: &L, right: &str) -> Option<Ordering> {
        let variant = L::TYPE.variants().get(left.variant())?;
        (variant.name == right).then_some(Ordering::Equal)
    }
}

impl CompareLiteral<Json, DYNAMIC> {
    /// Compares with an integer.
    pub fn integer(left: &Json, right: i128) -> Option<Ordering> {
        dynamic(left, &Json::Number(serde_json::Number::from_i128(right)?))
    }

    /// Compares with a fraction.
    pub fn float(left: &Json, right: f64) -> Option<Ordering> {
        left.as_f64()?.partial_cmp(&right)
    }

    /// Compares with text.
    pub fn text(left: &Json, right: &str) -> Option<Ordering> {
        Some(left.as_str()?.cmp(right))
    }

    /// Compares with a truth value.
    pub fn boolean(left: &Json, right: bool) -> Option<Ordering> {
        Some(left.as_bool()?.cmp(&right))
    }
}

impl<L: Data> CompareLiteral<L, NEWTYPE> {
    /// Compares with an integer.
    pub fn integer(left: &L, right: i128) -> Option<Ordering> {
        CompareLiteral::<Json, DYNAMIC>::integer(&to_json(left).ok()?, right)
    }

    /// Compares with a fraction.
    pub fn float(left: &L, right: f64) -> Option<Ordering> {
        CompareLiteral::<Json, DYNAMIC>::float(&to_json(left).ok()?, right)
    }

    /// Compares with text.
    pub fn text(left: &L, right: &str) -> Option<Ordering> {
        CompareLiteral::<Json, DYNAMIC>::text(&to_json(left).ok()?, right)
    }

    /// Compares with a truth value.
    pub fn boolean(left: &L, right: bool) -> Option<Ordering> {
        CompareLiteral::<Json, DYNAMIC>::boolean(&to_json(left).ok()?, right)
    }
}

/// Whether a value of an enum is its variant at position `V`.
#[derive(Debug)]
pub struct Is<L, const V: usize>(PhantomData<L>);

impl<L: Data + Enumeration, const V: usize> Is<L, V> {
    /// Compares with the variant, whatever data it carries.
    #[inline]
    #[must_use]
    pub fn order(left: &L) -> Option<Ordering> {
        (left.variant() == V).then_some(Ordering::Equal)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_of_different_types_have_no_order() {
        assert_eq!(dynamic(&json!(1), &json!("1")), None);
        assert_eq!(dynamic(&json!(1), &json!(1.0)), Some(Ordering::Equal));
        assert_eq!(dynamic(&json!(null), &json!(false)), None);
    }
}
