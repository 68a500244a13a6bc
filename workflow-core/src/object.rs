//! An object that a template or a struct literal builds, field by field. The first field that fails is what it fails with.

use std::fmt;

use crate::data::Data;
use crate::error::Failed;
use crate::fit::{FieldOf, convert};
use crate::parts::Build;
use crate::path::{Place, Segment};

/// An object while it is built.
pub struct Building<T: Data<Parts: Build<T>>> {
    slots: <T::Parts as Build<T>>::Slots,
    failed: Option<Failed>,
}

impl<T: Data<Parts: Build<T>>> fmt::Debug for Building<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Building").field("failed", &self.failed).finish_non_exhaustive()
    }
}

/// Begins an object.
#[inline]
#[must_use]
pub fn begin<T: Data<Parts: Build<T>>>() -> Building<T> {
    Building { slots: T::Parts::slots(), failed: None }
}

/// Fills a field with a value that may have failed.
#[inline]
pub fn fill_result<F: FieldOf>(
    object: &mut Building<F::Object>,
    name: &'static str,
    value: Result<F::Value, Failed>,
) {
    match value {
        Ok(value) => F::fill(&mut object.slots, name, value),
        Err(error) => {
            object.failed.get_or_insert(error);
        }
    }
}

/// Fills a field with a value, converted.
#[inline]
pub fn fill_with<F: FieldOf, A: Data>(
    object: &mut Building<F::Object>,
    name: &'static str,
    value: A,
) {
    fill_result::<F>(object, name, convert(value));
}

/// Fills a field with a copy of what a segment leads to, converted.
#[inline]
pub fn fill_with_path<F: FieldOf, S: Segment>(
    object: &mut Building<F::Object>,
    name: &'static str,
    base: &S::Base,
    place: Place,
) {
    let value = S::get(base, place).and_then(|value| convert(value.clone()));
    fill_result::<F>(object, name, value);
}

/// Fills a field with what a segment leads to, moved out and converted.
#[inline]
pub fn fill_with_taken<F: FieldOf, S: Segment>(
    object: &mut Building<F::Object>,
    name: &'static str,
    base: S::Base,
    place: Place,
) {
    fill_result::<F>(object, name, S::take(base, place).and_then(convert));
}

/// Ends an object of a state.
///
/// # Errors
///
/// What the first field that failed, failed with.
#[inline]
pub fn finish<T: Data<Parts: Build<T>>>(
    object: Building<T>,
    state: &'static str,
) -> Result<T, Failed> {
    match object.failed {
        None => Ok(T::Parts::build(object.slots)),
        Some(error) => Err(error.in_state(state)),
    }
}
