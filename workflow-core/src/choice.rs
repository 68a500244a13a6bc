//! What the rules of a Choice state ask of data: comparisons, variants and type tests, on Rust types and on [`Json`].
//!
//! Section "Choice State" of the States Language. A comparison of data without a type is as on AWS: it does not hold when
//! the data are not of the type that the other side has.

use std::cmp::Ordering;
use std::marker::PhantomData;

use jiff::Timestamp;

use crate::data::{Data, Enumeration, Json};
use crate::error::{ErrorOutput, Failed};
use crate::fit::to_json;
use crate::number::{self, Number};

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

/// Reads a timestamp of the profile of RFC 3339 that the States Language uses: with an upper-case `T` and `Z`.
fn timestamp_of(text: &str) -> Option<Timestamp> {
    (text.len() >= 20 && !text.contains(['t', 'z', ' '])).then(|| text.parse().ok()).flatten()
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

impl<T: Data> Absence<Option<T>, 0> {
    /// Whether it is an `Option`.
    pub const IS_OPTION: bool = true;

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
    /// Whether it is an `Option`.
    pub const IS_OPTION: bool = false;

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
    /// Whether it is an `Option`.
    pub const IS_OPTION: bool = false;

    /// ASL's `IsPresent`: an element of a list or a map, to which the path led.
    #[must_use]
    pub fn is_present(_: &T) -> bool {
        true
    }
}

impl<T: Data> Absence<T, 3> {
    /// ASL's `IsPresent`: a field that JSON always has, if only as `null`.
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

/// Text that a pattern may match.
#[derive(Debug)]
pub struct Pattern<T, const K: usize>(PhantomData<T>);

impl Pattern<String, TEXTS> {
    /// ASL's `StringMatches`.
    #[must_use]
    pub fn matches(text: &str, pattern: &str) -> bool {
        string_matches(text, pattern)
    }
}

impl Pattern<Json, DYNAMIC> {
    /// ASL's `StringMatches`, which does not hold for what is no text.
    #[must_use]
    pub fn matches(value: &Json, pattern: &str) -> bool {
        value.as_str().is_some_and(|text| string_matches(text, pattern))
    }
}

/// Whether a text matches a pattern, in which `*` stands for any text, `\*` for an asterisk and `\\` for a backslash.
///
/// # Example
///
/// ```
/// use workflow_core::string_matches;
///
/// assert!(string_matches("log-2026-11.txt", "log-*.txt"));
/// assert!(string_matches("2*3", r"2\*3"));
/// assert!(!string_matches("2+3", r"2\*3"));
/// ```
#[must_use]
pub fn string_matches(text: &str, pattern: &str) -> bool {
    let pattern = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(Some(letter)) if *letter == text[place] => (at, place) = (at + 1, place + 1),
            Some(None) => {
                last_star = Some((at, place));
                at += 1;
            }
            _ => match last_star {
                Some((star, start)) => {
                    last_star = Some((star, start + 1));
                    (at, place) = (star + 1, start + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(Option::is_none)
}

/// The letters of a pattern; `None` is the wildcard.
fn tokens(pattern: &str) -> Vec<Option<char>> {
    let mut letters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            '*' => None,
            '\\' => Some(letters.next().unwrap_or('\\')),
            letter => Some(letter),
        });
    }
    tokens
}

/// A value that stands for a time.
#[derive(Debug)]
pub struct Time<T, const K: usize>(PhantomData<T>);

impl Time<Timestamp, TIMESTAMPS> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// None.
    pub fn of(value: &Timestamp) -> Result<Timestamp, Failed> {
        Ok(*value)
    }
}

impl Time<String, TEXTS> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the text is no timestamp.
    pub fn of(value: &str) -> Result<Timestamp, Failed> {
        timestamp_of(value).ok_or_else(|| {
            ErrorOutput::runtime(format!("the text `{value}` is no timestamp of RFC 3339"))
        })
    }
}

impl Time<Json, DYNAMIC> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the data are no text, or the text is no timestamp.
    pub fn of(value: &Json) -> Result<Timestamp, Failed> {
        match value.as_str() {
            Some(text) => Time::<String, TEXTS>::of(text),
            None => Err(ErrorOutput::runtime(format!("{value} is no timestamp of RFC 3339"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pattern_matches_as_a_whole_and_backtracks() {
        assert!(string_matches("aXbXc", "a*X*c"));
        assert!(string_matches("", "*"));
        assert!(!string_matches("abc", "ab"));
        assert!(!string_matches("abc", "abcd"));
        assert!(string_matches(r"a\b", r"a\\b"));
    }

    #[test]
    fn data_of_different_types_have_no_order() {
        assert_eq!(dynamic(&json!(1), &json!("1")), None);
        assert_eq!(dynamic(&json!(1), &json!(1.0)), Some(Ordering::Equal));
        assert_eq!(dynamic(&json!(null), &json!(false)), None);
    }

    #[test]
    fn a_timestamp_has_an_upper_case_t_and_z() {
        assert!(TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14T01:59:00Z")));
        assert!(TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14T01:59:00+01:00")));
        assert!(!TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14t01:59:00z")));
        assert!(!TypeTest::<Json, DYNAMIC>::is_timestamp(&json!("2026-03-14")));
    }
}
