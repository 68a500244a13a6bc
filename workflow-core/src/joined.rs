//! Where data of several types meet in a definition of ASL: they go on as they are where their types agree, and as [`Json`]
//! where at least one has no type, as all data do on AWS.

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
