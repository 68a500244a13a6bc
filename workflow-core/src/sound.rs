//! Types that a check has let through, and the questions about a type that a check asks.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::{Data, Shape, Type};
use crate::error::{ErrorNames, TaskError};
use crate::task::{Needs, Returned, Signature, Supplies, Task};

/// A type that a check has let through: `K` is the answer of the check. Where the check fails there is no type, and the
/// compiler says nothing more of what depends on it.
pub trait Sound<const K: usize> {
    /// The type.
    type Type;
}

impl<T> Sound<0> for T {
    type Type = T;
}

/// The types of a task that a check has let through.
#[derive(Debug)]
pub struct Typed<I, O, E, R, const K: usize>(PhantomData<(I, O, E, R)>);

/// The types of a task. What they have to be is asked by [`Task`] alone: it is once for each.
pub trait TaskTypes {
    /// What it takes.
    type Input;
    /// What it gives back.
    type Output;
    /// What it raises.
    type Error;
    /// What it needs of the program.
    type Resources;
}

impl<I, O, E, R> TaskTypes for Typed<I, O, E, R, 0> {
    type Input = I;
    type Output = O;
    type Error = E;
    type Resources = R;
}

/// What a workflow is handed a reference to, which a check has let through.
#[derive(Debug)]
pub struct Shared<T: ?Sized, const K: usize>(PhantomData<T>);

/// What a workflow needs of the program.
pub trait Handed {
    /// A reference.
    type Resources;
}

impl<T: ?Sized> Handed for Shared<T, 0> {
    type Resources = Needs<T>;
}

/// What a type has that derives [`Data`], beside that: it is copied, written as JSON and read from it.
pub trait Stored: Clone + Serialize + DeserializeOwned {}

impl<T: Clone + Serialize + DeserializeOwned> Stored for T {}

/// Is it a task?
#[derive(Debug)]
pub struct IsTask<T>(PhantomData<T>);

impl<T: Task> IsTask<T> {
    /// Yes, and this is what it takes.
    pub const SIGNATURE: Option<&'static Signature> = Some(T::SIGNATURE);
}

/// Is it the error type of a task?
#[derive(Debug)]
pub struct IsTaskError<T>(PhantomData<T>);

impl<T: TaskError> IsTaskError<T> {
    /// Yes.
    pub const ANSWER: bool = true;
    /// These are its errors.
    pub const NAMES: &'static ErrorNames = T::NAMES;
}

/// Can a task give it back: is it data, or a `Result`?
#[derive(Debug)]
pub struct IsReturned<T>(PhantomData<T>);

impl<T: Returned> IsReturned<T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Can tasks that run at the same time share it?
#[derive(Debug)]
pub struct IsShared<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized + Sync + 'static> IsShared<T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Can it go through a workflow?
#[derive(Debug)]
pub struct IsData<T>(PhantomData<T>);

impl<T: Data> IsData<T> {
    /// Yes.
    pub const ANSWER: bool = true;
    /// This is what it is.
    pub const TYPE: &'static Type = T::TYPE;
}

/// Does an `S` supply what the task `T` needs?
#[derive(Debug)]
pub struct Has<S, T>(PhantomData<(S, T)>);

impl<S: Supplies<'static, T::Resources>, T: Task> Has<S, T> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// Is an `A` a `B`, or what an `Option` that is a `B` holds? Descriptions are compared by name, and two types may have one name.
#[derive(Debug)]
pub struct Same<A, B>(PhantomData<(A, B)>);

impl<A> Same<A, A> {
    /// Yes.
    pub const ANSWER: bool = true;
}

impl<A> Same<A, Option<A>> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// The answer to a question about a type where the answer is not yes: an inherent constant goes before that of a trait.
pub trait Otherwise {
    /// No.
    const ANSWER: bool = false;
    /// It has none.
    const SIGNATURE: Option<&'static Signature> = None;
    /// It has no errors, and no name.
    const NAMES: &'static ErrorNames =
        &ErrorNames { name: "", variants: &[], others: &[], open: false };
    /// It is described as nothing.
    const TYPE: &'static Type = &Type { name: "", module: "", parameters: &[], shape: Shape::Null };
}

impl<T> Otherwise for IsTask<T> {}
impl<T> Otherwise for IsData<T> {}
impl<T: ?Sized> Otherwise for IsShared<T> {}
impl<T> Otherwise for IsReturned<T> {}
impl<T> Otherwise for IsTaskError<T> {}
impl<S, T> Otherwise for Has<S, T> {}
impl<A, B> Otherwise for Same<A, B> {}
