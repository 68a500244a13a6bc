//! How generated code names the arguments of a call.

use std::marker::PhantomData;

use crate::data::Data;
use crate::parts::Access;
use crate::task::Task;

/// A call of a task; `SEVERAL` says whether its arguments are the fields of an object.
#[derive(Debug)]
pub struct Call<T, const SEVERAL: bool>(PhantomData<T>);

/// The type of the argument at position `I`.
pub trait Argument<const I: usize> {
    /// The type.
    type Value: crate::Data;
}

impl<T: Task> Argument<0> for Call<T, false> {
    type Value = T::Input;
}

impl<T: Task, const I: usize> Argument<I> for Call<T, true>
where
    <T::Input as Data>::Parts: Access<T::Input, I>,
{
    type Value = <<T::Input as Data>::Parts as Access<T::Input, I>>::Value;
}

/// The object that several arguments are.
pub trait Arguments {
    /// Its type.
    type Input: crate::Data;
}

impl<T: Task> Arguments for Call<T, true> {
    type Input = T::Input;
}
