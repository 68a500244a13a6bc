//! Where data of several types meet in a definition of ASL: they go on as they are where their types agree, and as [`Json`]
//! where at least one has no type, as all data do on AWS.

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
}

impl<T: Data> Joined<0> for T {
    type Type = T;

    #[inline]
    fn join(self) -> Result<T, Failed> {
        Ok(self)
    }
}

impl<T: Data> Joined<1> for T {
    type Type = Json;

    fn join(self) -> Result<Json, Failed> {
        to_json(&self)
    }
}

/// A value as a condition of ASL sees it: as it is where `K` is 0, and as [`Json`] where it is 1.
pub trait Seen<const K: usize>: Data {
    /// The type that the condition asks.
    type Type: Data;

    /// Borrows it, or converts it.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the value has no JSON form.
    fn seen(&self) -> Result<Cow<'_, Self::Type>, Failed>;
}

impl<T: Data> Seen<0> for T {
    type Type = T;

    #[inline]
    fn seen(&self) -> Result<Cow<'_, T>, Failed> {
        Ok(Cow::Borrowed(self))
    }
}

impl<T: Data> Seen<1> for T {
    type Type = Json;

    fn seen(&self) -> Result<Cow<'_, Json>, Failed> {
        to_json(self).map(Cow::Owned)
    }
}
