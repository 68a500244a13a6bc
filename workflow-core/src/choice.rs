//! What the rules of a Choice state ask of data: comparisons, variants and type tests, on Rust types and on [`Json`].
//!
//! Section "Choice State" of the States Language. A comparison of data without a type is as on AWS: it does not hold when
//! the data are not of the type that the other side has.

mod comparison;
mod pattern;

use std::marker::PhantomData;

pub(crate) use comparison::dynamic;
pub use comparison::{Comparand, Compare, CompareLiteral, Comparison, Is, order_as};
pub use pattern::{Pattern, string_matches};

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};
use crate::time::timestamp_of;

/// Both sides are numbers.
pub(crate) const NUMBERS: usize = 0;
/// Both sides are text.
pub(crate) const TEXTS: usize = 1;
/// Both sides are truth values.
pub(crate) const BOOLEANS: usize = 2;
/// Both sides are timestamps.
pub(crate) const TIMESTAMPS: usize = 3;
/// At least one side has no type.
pub(crate) const DYNAMIC: usize = 4;
/// Both sides are values of one enum without data.
pub(crate) const VARIANTS: usize = 5;
/// A newtype and a literal: they are compared as JSON.
pub(crate) const NEWTYPE: usize = 6;

/// A value that is a condition by itself.
#[derive(Debug)]
pub struct Truth<T, const K: usize>(PhantomData<T>);

impl Truth<bool, BOOLEANS> {
    /// Returns the truth value.
    ///
    /// # Errors
    ///
    /// None.
    #[inline]
    pub fn of(value: &bool) -> Result<bool, Failed> {
        Ok(*value)
    }
}

impl Truth<Json, DYNAMIC> {
    /// Returns the truth value.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the data are none.
    pub fn of(value: &Json) -> Result<bool, Failed> {
        value
            .as_bool()
            .ok_or_else(|| ErrorOutput::runtime(format!("{value} is neither true nor false")))
    }
}

/// A value that may be absent or null.
#[derive(Debug)]
pub struct Absence<T, const K: usize>(PhantomData<T>);

impl<T, const K: usize> Absence<T, K> {
    /// Whether it is an `Option`.
    pub const IS_OPTION: bool = K == 0;
}

impl<T: Data> Absence<Option<T>, 0> {
    /// ASL's `IsPresent`.
    #[must_use]
    pub fn is_present(value: &Option<T>) -> bool {
        value.is_some()
    }

    /// ASL's `IsNull`.
    #[must_use]
    pub fn is_null(value: &Option<T>) -> bool {
        value.is_none()
    }
}

impl Absence<Json, 1> {
    /// ASL's `IsPresent`: the path led here.
    #[must_use]
    pub fn is_present(_: &Json) -> bool {
        true
    }

    /// ASL's `IsNull`.
    #[must_use]
    pub fn is_null(value: &Json) -> bool {
        value.is_null()
    }
}

impl<T: Data> Absence<T, 2> {
    /// ASL's `IsPresent`: what is there wherever the path leads to it.
    #[must_use]
    pub fn is_present(_: &T) -> bool {
        true
    }
}

/// The type tests of data without a type.
#[derive(Debug)]
pub struct TypeTest<T, const K: usize>(PhantomData<T>);

impl TypeTest<Json, DYNAMIC> {
    /// ASL's `IsString`.
    #[must_use]
    pub fn is_string(value: &Json) -> bool {
        value.is_string()
    }

    /// ASL's `IsNumeric`.
    #[must_use]
    pub fn is_numeric(value: &Json) -> bool {
        value.is_number()
    }

    /// ASL's `IsBoolean`.
    #[must_use]
    pub fn is_boolean(value: &Json) -> bool {
        value.is_boolean()
    }

    /// ASL's `IsTimestamp`.
    #[must_use]
    pub fn is_timestamp(value: &Json) -> bool {
        value.as_str().and_then(timestamp_of).is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_timestamp_has_an_upper_case_t_and_z() {
        assert!(TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14T01:59:00Z")));
        assert!(TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14T01:59:00+01:00")));
        assert!(!TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14t01:59:00z")));
        assert!(!TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14")));
    }
}
