//! The intrinsic functions that make arrays and look into them.

use super::IntrinsicError;
use super::math::integer;
use crate::Json;

/// The number of elements that `States.ArrayRange` may make.
const LONGEST_RANGE: usize = 1000;

/// Returns an array of its arguments: `States.Array`.
///
/// ASL: section "Intrinsic functions".
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array;
///
/// assert_eq!(array(vec![json!(123456), json!(null)]), json!([123456, null]));
/// assert_eq!(array(vec![]), json!([]));
/// ```
#[must_use]
pub fn array(arguments: Vec<Json>) -> Json {
    Json::Array(arguments)
}

/// Returns an array in chunks of a size, the last of which may be smaller: `States.ArrayPartition`.
///
/// The size is rounded. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the first argument is not an array, or the size not a number greater than zero.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_partition;
///
/// let chunks = array_partition(&json!([0, 1, 2]), &json!(2)).unwrap();
/// assert_eq!(json!(chunks), json!([[0, 1], [2]]));
/// assert!(array_partition(&json!([0, 1, 2]), &json!(0)).is_err());
/// ```
pub fn array_partition(array: &Json, size: &Json) -> Result<Vec<Vec<Json>>, IntrinsicError> {
    const FUNCTION: &str = "States.ArrayPartition";
    let array = elements(FUNCTION, array)?;
    let size = integer(FUNCTION, "chunk size", size)?;
    if size <= 0 {
        let message = format!("the chunk size must be greater than zero, found {size}");
        return Err(IntrinsicError::new(FUNCTION, message));
    }
    // A size beyond the address space is beyond any array.
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(array.chunks(size).map(<[Json]>::to_vec).collect())
}

/// Returns whether an element of an array equals a value: `States.ArrayContains`.
///
/// Arrays are equal element by element, objects in any order of their keys; 1 and 1.0 differ.
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the first argument is not an array.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_contains;
///
/// assert_eq!(array_contains(&json!([[1, 2, 3], 2]), &json!([1, 2, 3])), Ok(true));
/// assert_eq!(array_contains(&json!([[1, 2, 3], 2]), &json!(3)), Ok(false));
/// ```
pub fn array_contains(array: &Json, value: &Json) -> Result<bool, IntrinsicError> {
    Ok(elements("States.ArrayContains", array)?.contains(value))
}

/// Returns the numbers from the first to the last, which is among them when a step meets it: `States.ArrayRange`.
///
/// The arguments are rounded. A step that leads away from the last gives an empty array.
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When an argument is not a number, when the step is zero, and when the array would have more than 1000 elements.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_range;
///
/// assert_eq!(array_range(&json!(0), &json!(9), &json!(3)), Ok(vec![0, 3, 6, 9]));
/// assert_eq!(array_range(&json!(0), &json!(10), &json!(3)), Ok(vec![0, 3, 6, 9]));
/// assert!(array_range(&json!(0), &json!(1000), &json!(1)).is_err());
/// ```
pub fn array_range(first: &Json, last: &Json, step: &Json) -> Result<Vec<i64>, IntrinsicError> {
    const FUNCTION: &str = "States.ArrayRange";
    let first = integer(FUNCTION, "first number", first)?;
    let last = integer(FUNCTION, "last number", last)?;
    let step = integer(FUNCTION, "step", step)?;
    if step == 0 {
        return Err(IntrinsicError::new(FUNCTION, "the step must not be zero"));
    }
    let is_within = |number: &i64| if step > 0 { *number <= last } else { *number >= last };
    let numbers: Vec<i64> = std::iter::successors(Some(first), |number| number.checked_add(step))
        .take_while(is_within)
        .take(LONGEST_RANGE + 1)
        .collect();
    if numbers.len() > LONGEST_RANGE {
        let message = format!("an array of more than {LONGEST_RANGE} elements");
        return Err(IntrinsicError::new(FUNCTION, message));
    }
    Ok(numbers)
}

/// Returns the element of an array at an index that counts from zero: `States.ArrayGetItem`.
///
/// The index is rounded. ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the first argument is not an array, when the index is not a number, and when no element has it.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_get_item;
///
/// assert_eq!(array_get_item(&json!(["a", "b"]), &json!(1)), Ok(json!("b")));
/// assert!(array_get_item(&json!(["a", "b"]), &json!(2)).is_err());
/// assert!(array_get_item(&json!(["a", "b"]), &json!(-1)).is_err());
/// ```
pub fn array_get_item(array: &Json, index: &Json) -> Result<Json, IntrinsicError> {
    const FUNCTION: &str = "States.ArrayGetItem";
    let array = elements(FUNCTION, array)?;
    let index = integer(FUNCTION, "index", index)?;
    let item = usize::try_from(index).ok().and_then(|index| array.get(index));
    item.cloned().ok_or_else(|| {
        let length = array.len();
        let message = format!("the index {index} is out of bounds for an array of length {length}");
        IntrinsicError::new(FUNCTION, message)
    })
}

/// Returns the number of elements of an array: `States.ArrayLength`.
///
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the argument is not an array; text has no length here.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_length;
///
/// assert_eq!(array_length(&json!([1, [2, 3]])), Ok(2));
/// assert!(array_length(&json!("abc")).is_err());
/// ```
pub fn array_length(array: &Json) -> Result<i64, IntrinsicError> {
    const FUNCTION: &str = "States.ArrayLength";
    let length = elements(FUNCTION, array)?.len();
    i64::try_from(length).map_err(|error| IntrinsicError::new(FUNCTION, error.to_string()))
}

/// Returns the elements of an array without those that equal an earlier one: `States.ArrayUnique`.
///
/// Elements are equal as in [`array_contains`], and the first of them keeps its place.
/// ASL: section "Intrinsic functions".
///
/// # Errors
///
/// When the argument is not an array.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::intrinsic::array_unique;
///
/// assert_eq!(array_unique(&json!([3, 1, 3, 4])), Ok(vec![json!(3), json!(1), json!(4)]));
/// ```
pub fn array_unique(array: &Json) -> Result<Vec<Json>, IntrinsicError> {
    let mut unique = Vec::new();
    for element in elements("States.ArrayUnique", array)? {
        if !unique.contains(element) {
            unique.push(element.clone());
        }
    }
    Ok(unique)
}

fn elements<'a>(function: &'static str, array: &'a Json) -> Result<&'a [Json], IntrinsicError> {
    array
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| IntrinsicError::wrong_type(function, "array", "an array", array))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_array_keeps_values_of_all_types() {
        let object = json!({ "Arg1": 1, "Arg2": [] });
        assert_eq!(array(vec![object.clone(), json!(1.1), json!(" ")]), json!([object, 1.1, " "]));
    }

    #[test]
    fn the_last_chunk_may_be_smaller() {
        let chunks = |array, size| json!(array_partition(&array, &json!(size)).unwrap());
        assert_eq!(chunks(json!([0, 1, 2]), 1), json!([[0], [1], [2]]));
        assert_eq!(chunks(json!([0, 1, 2]), 2), json!([[0, 1], [2]]));
        assert_eq!(chunks(json!([0, 1]), 5), json!([[0, 1]]));
        assert_eq!(chunks(json!([]), 5), json!([]));
    }

    #[test]
    fn a_chunk_has_at_least_one_element() {
        let error = array_partition(&json!([0]), &json!(-1)).unwrap_err();
        assert_eq!(error.message, "the chunk size must be greater than zero, found -1");
        assert!(array_partition(&json!([0]), &json!("1")).is_err());
    }

    #[test]
    fn an_array_contains_only_its_own_elements() {
        assert_eq!(array_contains(&json!([]), &json!(null)), Ok(false));
        assert_eq!(array_contains(&json!([true, false]), &json!(true)), Ok(true));
        assert_eq!(array_contains(&json!([[1, 2, 3], 2]), &json!([1, 2, 3])), Ok(true));
        assert_eq!(array_contains(&json!([{ "1": 2, "2": [] }]), &json!([])), Ok(false));
    }

    #[test]
    fn a_range_includes_the_last_number_that_a_step_meets() {
        let range = |first, last, step| array_range(&json!(first), &json!(last), &json!(step));
        assert_eq!(range(1, 9, 2), Ok(vec![1, 3, 5, 7, 9]));
        assert_eq!(range(1, 9, 9), Ok(vec![1]));
        assert_eq!(range(9, 1, -4), Ok(vec![9, 5, 1]));
        assert_eq!(range(9, 1, 4), Ok(vec![]));
    }

    #[test]
    fn a_range_has_at_most_1000_elements() {
        let range = |last, step| array_range(&json!(1), &json!(last), &json!(step));
        assert_eq!(range(1000, 1).unwrap().len(), 1000);
        assert!(range(1001, 1).is_err());
        assert_eq!(range(1001, 0).unwrap_err().message, "the step must not be zero");
    }

    #[test]
    fn a_range_ends_where_the_integers_end() {
        let last = json!(i64::MAX);
        assert_eq!(array_range(&json!(i64::MAX - 1), &last, &json!(2)), Ok(vec![i64::MAX - 1]));
    }

    #[test]
    fn an_index_counts_from_zero() {
        let array = json!([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(array_get_item(&array, &json!(5)), Ok(json!(6)));
        let error = array_get_item(&array, &json!(9)).unwrap_err();
        assert_eq!(error.message, "the index 9 is out of bounds for an array of length 9");
    }

    #[test]
    fn the_length_counts_equal_elements_too() {
        assert_eq!(array_length(&json!([null, null, 1, 1, [], [], { "a": 1 }])), Ok(7));
    }

    #[test]
    fn equal_elements_remain_once() {
        let array = json!([null, null, 1, 1, 1.0, [], [], { "a": 1, "b": 2 }, { "b": 2, "a": 1 }]);
        let unique = json!([null, 1, 1.0, [], { "a": 1, "b": 2 }]);
        assert_eq!(array_unique(&array).map(Json::Array), Ok(unique));
    }
}
