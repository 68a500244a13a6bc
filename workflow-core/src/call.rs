//! How generated code names the arguments of a call.

use std::marker::PhantomData;

use crate::data::Data;
use crate::parts::Access;
use crate::task::Task;

/// A call of a task whose arguments are the fields of an object.
#[derive(Debug)]
pub struct Call<T>(PhantomData<T>);

/// The type of the argument at position `I`.
pub trait Argument<const I: usize> {
    /// The type.
    type Value: Data;
}

impl<T: Task, const I: usize> Argument<I> for Call<T>
where
    <T::Input as Data>::Parts: Access<T::Input, I>,
{
    type Value = <<T::Input as Data>::Parts as Access<T::Input, I>>::Value;
}
