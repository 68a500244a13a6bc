//! Types that a check has let through, and the questions about a type that a check asks.

use std::marker::PhantomData;

use crate::data::Data;
use crate::error::TaskError;
use crate::task::{Resources, Supplies, Task};

/// A type that a check has let through: `K` is the answer of the check. Where the check fails there is no type, and the
/// compiler says nothing more of what depends on it.
pub trait Sound<const K: usize> {
    /// The type.
    type Type;
}

impl<T> Sound<0> for T {
    type Type = T;
}

/// Is it a task?
#[derive(Debug)]
pub struct IsTask<T>(PhantomData<T>);

impl<T: Task> IsTask<T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Is it the error type of a task?
#[derive(Debug)]
pub struct IsTaskError<T>(PhantomData<T>);

impl<T: TaskError> IsTaskError<T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Can it go through a workflow?
#[derive(Debug)]
pub struct IsData<T>(PhantomData<T>);

impl<T: Data> IsData<T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Does an `S` supply an `R`?
#[derive(Debug)]
pub struct Has<S, R>(PhantomData<(S, R)>);

impl<S: Supplies<'static, R>, R: Resources> Has<S, R> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// The answer to a question about a type where the answer is not yes: an inherent constant goes before that of a trait.
pub trait Otherwise {
    /// No.
    const ANSWER: bool = false;
}

impl<T> Otherwise for IsTask<T> {}
impl<T> Otherwise for IsData<T> {}
impl<T> Otherwise for IsTaskError<T> {}
impl<S, R> Otherwise for Has<S, R> {}
