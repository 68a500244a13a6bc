//! What generated code calls, under the names in [`names`]. Nothing here is for users: it may change in any version.

mod checkpoint;
mod context;
pub mod names;
mod path_fields;

pub use context::ContextObject;
pub use path_fields::{PathField, concurrency, not_in_input, tolerance};
pub use serde;

use std::cmp::Ordering;

use crate::definition::State;
use crate::error::{ErrorOutput, Failed, STATES_NO_CHOICE_MATCHED};

/// Clones a value.
#[inline]
pub fn clone<T: Clone>(value: &T) -> T {
    value.clone()
}

/// Computes a value; a failure of it goes no further than this.
///
/// # Errors
///
/// What the value fails with.
#[inline]
pub fn evaluate<T>(value: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    value()
}

/// A failure of what a state computes.
///
/// # Errors
///
/// Always.
#[cold]
pub fn failed<T>(error: impl Into<Failed>, state: &'static str) -> Result<T, Failed> {
    Err(error.into().in_state(state))
}

/// Returns the error of a result.
#[inline]
pub fn failure<T>(result: &Result<T, Failed>) -> Option<&ErrorOutput> {
    match result {
        Ok(_) => None,
        Err(error) => Some(error),
    }
}

/// A condition that does not hold where its path leads nowhere: a filter, `is_present`.
#[inline]
pub fn filter(condition: impl FnOnce() -> Result<bool, Failed>) -> bool {
    condition().unwrap_or(false)
}

/// The error of a nested execution, which the state that called it has failed with.
#[cold]
#[must_use]
pub fn nested_failure(mut error: Failed) -> Failed {
    error.state = None;
    error
}

/// The value of a variable.
///
/// # Errors
///
/// `States.Runtime` when no state has assigned it, which checks while compiling rule out.
#[inline]
pub fn assigned<'a, T>(variable: &'a Option<T>, name: &str) -> Result<&'a T, Failed> {
    variable
        .as_ref()
        .ok_or_else(|| ErrorOutput::runtime(format!("variable `{name}` is not assigned")))
}

/// Whether one comes before the other.
#[inline]
#[must_use]
pub const fn is_less(order: Option<Ordering>) -> bool {
    matches!(order, Some(Ordering::Less))
}

/// Whether one comes before the other, or they are equal.
#[inline]
#[must_use]
pub const fn is_less_equal(order: Option<Ordering>) -> bool {
    matches!(order, Some(Ordering::Less | Ordering::Equal))
}

/// Whether one comes after the other.
#[inline]
#[must_use]
pub const fn is_greater(order: Option<Ordering>) -> bool {
    matches!(order, Some(Ordering::Greater))
}

/// Whether one comes after the other, or they are equal.
#[inline]
#[must_use]
pub const fn is_greater_equal(order: Option<Ordering>) -> bool {
    matches!(order, Some(Ordering::Greater | Ordering::Equal))
}

/// Whether the two are equal.
#[inline]
#[must_use]
pub const fn is_equal(order: Option<Ordering>) -> bool {
    matches!(order, Some(Ordering::Equal))
}

/// Whether the catcher at a position of a state takes an error.
#[must_use]
pub fn catches(state: &State, position: usize, error: &ErrorOutput) -> bool {
    state.catch().get(position).is_some_and(|catcher| error.is_one_of(catcher.error_equals))
}

/// The error of a Choice state without a default of which no rule holds.
#[cold]
#[must_use]
pub fn no_choice_matched(state: &'static str) -> Failed {
    ErrorOutput::new(STATES_NO_CHOICE_MATCHED, "no rule of the state holds, and it has no default")
        .in_state(state)
}
