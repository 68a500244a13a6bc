//! Data of a definition of ASL that go on as they are, or as [`Json`], as all data do on AWS: where data of several types meet, at
//! least one without a type; where a result goes into data that have no room for it; where a condition asks what may be null.

use std::borrow::Cow;

use crate::data::{Data, Json};
use crate::error::Failed;
use crate::fit::to_json;

/// The type that goes on: itself where `K` is 0, and [`Json`] where it is 1.
pub trait Joined<const K: usize>: Sized {
    /// The type that goes on.
    type Type: Data;

    /// Converts into it.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the value has no JSON form.
    fn join(self) -> Result<Self::Type, Failed>;

    /// Borrows it as it goes on, or converts it.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the value has no JSON form.
    fn seen(&self) -> Result<Cow<'_, Self::Type>, Failed>;
}

impl<T: Data> Joined<0> for T {
    type Type = T;

    #[inline]
    fn join(self) -> Result<T, Failed> {
        Ok(self)
    }

    #[inline]
    fn seen(&self) -> Result<Cow<'_, T>, Failed> {
        Ok(Cow::Borrowed(self))
    }
}

impl<T: Data> Joined<1> for T {
    type Type = Json;

    fn join(self) -> Result<Json, Failed> {
        to_json(&self)
    }

    fn seen(&self) -> Result<Cow<'_, Json>, Failed> {
        to_json(self).map(Cow::Owned)
    }
}
