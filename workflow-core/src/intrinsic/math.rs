//! The intrinsic functions on numbers.

use super::IntrinsicError;
use crate::Json;

/// Returns a random integer from the start on and less than the end: `States.MathRandom`.
///
/// The arguments are rounded. The same seed gives the same number each time, but not the number that AWS makes of it,
/// and no number is fit for secrets. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When an argument is not a number, and when the start is not less than the end.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::math_random;
///
/// let number = math_random(&json!(1), &json!(999), None).unwrap();
/// assert!((1..999).contains(&number));
///
/// let seeded = || math_random(&json!(1), &json!(999), Some(&json!(7)));
/// assert_eq!(seeded(), seeded());
/// ```
pub fn math_random(start: &Json, end: &Json, seed: Option<&Json>) -> Result<i64, IntrinsicError> {
    const FUNCTION: &str = "States.MathRandom";
    let start = integer(FUNCTION, "start number", start)?;
    let end = integer(FUNCTION, "end number", end)?;
    let seed = seed.map(|seed| integer(FUNCTION, "seed", seed)).transpose()?;
    if start >= end {
        let message = format!("the start number {start} must be less than the end number {end}");
        return Err(IntrinsicError::new(FUNCTION, message));
    }
    let mut generator =
        seed.map_or_else(fastrand::Rng::new, |seed| fastrand::Rng::with_seed(seed.cast_unsigned()));
    Ok(generator.i64(start..end))
}

/// Returns the sum of two numbers, each rounded before: `States.MathAdd`.
///
/// A half is rounded up, so that -1.5 counts as -1, as on AWS. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When an argument is not a number, and when the sum is beyond 64 bits.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::math_add;
///
/// assert_eq!(math_add(&json!(111), &json!(-1)), Ok(110));
/// assert_eq!(math_add(&json!(1.49), &json!(1.5)), Ok(3));
/// assert!(math_add(&json!(1), &json!("-1")).is_err());
/// ```
pub fn math_add(first: &Json, second: &Json) -> Result<i64, IntrinsicError> {
    const FUNCTION: &str = "States.MathAdd";
    let first = integer(FUNCTION, "first argument", first)?;
    let second = integer(FUNCTION, "second argument", second)?;
    first.checked_add(second).ok_or_else(|| {
        IntrinsicError::new(FUNCTION, format!("the sum of {first} and {second} is too large"))
    })
}

/// The integer nearest to a number, of two the greater.
pub(super) fn integer(
    function: &'static str,
    argument: &str,
    value: &Json,
) -> Result<i64, IntrinsicError> {
    let Json::Number(number) = value else {
        return Err(IntrinsicError::wrong_type(function, argument, "a number", value));
    };
    number.as_i64().or_else(|| number.as_f64().and_then(round)).ok_or_else(|| {
        IntrinsicError::new(function, format!("the {argument} {number} is too large"))
    })
}

/// Rounds without adding a half, which is not exact for large numbers.
fn round(number: f64) -> Option<i64> {
    /// The least power of two that is no `i64`.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    let floor = number.floor();
    let rounded = if number - floor >= 0.5 { floor + 1.0 } else { floor };
    (-BEYOND..BEYOND).contains(&rounded).then_some(rounded as i64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_number_is_rounded_before_they_are_added() {
        assert_eq!(math_add(&json!(1.49), &json!(1.5)), Ok(3));
        assert_eq!(math_add(&json!(-0.5), &json!(0.5)), Ok(1));
        assert_eq!(math_add(&json!(-1.5), &json!(-1.51)), Ok(-3));
    }

    #[test]
    fn a_half_is_rounded_up() {
        let sums = [(0.5, 1), (2.5, 3), (3.5, 4), (-0.5, 0), (-1.5, -1), (-2.5, -2), (-1.51, -2)];
        for (number, rounded) in sums {
            assert_eq!(math_add(&json!(number), &json!(0)), Ok(rounded), "{number}");
        }
    }

    #[test]
    fn a_sum_beyond_64_bits_is_an_error() {
        assert!(math_add(&json!(i64::MAX), &json!(1)).is_err());
        let error = math_add(&json!(u64::MAX), &json!(0)).unwrap_err();
        assert_eq!(error.message, "the first argument 18446744073709551615 is too large");
        assert!(math_add(&json!(1e300), &json!(0)).is_err());
    }

    #[test]
    fn only_numbers_are_added() {
        let error = math_add(&json!(1), &json!("-1")).unwrap_err();
        assert_eq!(error.message, "the second argument must be a number, found a string");
    }

    #[test]
    fn a_random_number_is_between_its_rounded_bounds() {
        for _ in 0..100 {
            let number = math_random(&json!(12.5), &json!(14.51), None).unwrap();
            assert!((13..15).contains(&number), "{number}");
        }
    }

    #[test]
    fn a_random_number_needs_a_start_before_its_end() {
        let error = math_random(&json!(9), &json!(9), None).unwrap_err();
        assert_eq!(error.message, "the start number 9 must be less than the end number 9");
    }

    #[test]
    fn a_seed_repeats_its_number() {
        let number = |seed| math_random(&json!(-99999), &json!(99999), Some(&json!(seed))).unwrap();
        assert_eq!(number(-7), number(-7));
        assert_ne!(number(-7), number(8));
    }
}
