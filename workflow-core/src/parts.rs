//! How data come apart and are put together: what a path goes into, and what a template builds, part by part.
//!
//! A part has a position, which checks find while compiling. [`Data::Parts`] names how a type has parts: a struct as the
//! tuple of its fields, a list by its elements, data without a type by name. So a derive writes four functions for a
//! struct, and none for a field of it.

mod tuple;
mod types;
mod variant;

use crate::data::{Data, Json};
use crate::error::Failed;
use crate::path::Place;

pub(crate) use tuple::{Item, Tuple};
pub(crate) use types::*;
pub use variant::{Construct, OfVariant};

/// The part at position `I` of a `T`.
pub trait Access<T, const I: usize> {
    /// The type of the part.
    type Value: Data;

    /// Borrows the part.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when data of that shape may lack the part, and these do.
    fn get(base: &T, place: Place) -> Result<&Self::Value, Failed>;

    /// Borrows the part for writing, and creates it in data without a type.
    ///
    /// # Errors
    ///
    /// `States.ResultPathMatchFailure` when there is no such place.
    fn get_mut(base: &mut T, place: Place) -> Result<&mut Self::Value, Failed>;

    /// Moves the part out.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    fn take(base: T, place: Place) -> Result<Self::Value, Failed>;
}

/// An object that a template builds field by field.
pub trait Build<T> {
    /// One place for each field.
    type Slots;

    /// No field is filled yet.
    fn slots() -> Self::Slots;

    /// Builds the value. Checks while compiling have made sure that every required field is filled.
    fn build(slots: Self::Slots) -> T;
}

/// The field at position `I` of an object, as a place to fill.
pub trait Fill<T, const I: usize>: Build<T> {
    /// The type of the field.
    type Value: Data;

    /// Fills the field; `name` is its name where the object has names that are not known while compiling.
    fn fill(slots: &mut Self::Slots, name: &'static str, value: Self::Value);
}

/// A struct as the tuple of its fields, in the order of [`Type::fields`](crate::Type::fields). `derive(Data)` implements it.
pub trait Fields: Sized {
    /// The types of the fields.
    type Fields: Tuple;

    /// Borrows the fields.
    fn refs(&self) -> <Self::Fields as Tuple>::Refs<'_>;

    /// Borrows the fields for writing.
    fn muts(&mut self) -> <Self::Fields as Tuple>::Muts<'_>;

    /// Moves the fields out.
    fn into_fields(self) -> Self::Fields;

    /// Builds the struct from the fields that a template gives.
    fn build(slots: <Self::Fields as Tuple>::Slots) -> Self;
}

/// A newtype: its parts are those of what is in it. `derive(Data)` implements it.
pub trait Wrapper {
    /// What is in it.
    type Inner: Data;

    /// Borrows what is in it.
    fn inner(&self) -> &Self::Inner;

    /// Borrows what is in it for writing.
    fn inner_mut(&mut self) -> &mut Self::Inner;

    /// Takes what is in it.
    fn into_inner(self) -> Self::Inner;

    /// Puts a value into it.
    fn wrap(inner: Self::Inner) -> Self;
}

/// The parts of data that have none, to a path or a template: a scalar, an enum, a type that implements [`Data`] by hand.
#[derive(Debug)]
pub enum Whole {}

/// The parts are the fields of a struct.
#[derive(Debug)]
pub enum Struct {}

impl<T: Fields<Fields: Item<I>>, const I: usize> Access<T, I> for Struct {
    type Value = <T::Fields as Item<I>>::Value;

    #[inline]
    fn get(base: &T, _: Place) -> Result<&Self::Value, Failed> {
        Ok(T::Fields::pick(base.refs()))
    }

    #[inline]
    fn get_mut(base: &mut T, _: Place) -> Result<&mut Self::Value, Failed> {
        Ok(T::Fields::pick_mut(base.muts()))
    }

    #[inline]
    fn take(base: T, _: Place) -> Result<Self::Value, Failed> {
        Ok(base.into_fields().take())
    }
}

impl<T: Fields> Build<T> for Struct {
    type Slots = <T::Fields as Tuple>::Slots;

    #[inline]
    fn slots() -> Self::Slots {
        T::Fields::slots()
    }

    #[inline]
    fn build(slots: Self::Slots) -> T {
        T::build(slots)
    }
}

impl<T: Fields<Fields: Item<I>>, const I: usize> Fill<T, I> for Struct {
    type Value = <T::Fields as Item<I>>::Value;

    #[inline]
    fn fill(slots: &mut Self::Slots, _: &'static str, value: Self::Value) {
        T::Fields::fill(slots, value);
    }
}

/// The parts are those of what a newtype holds.
#[derive(Debug)]
pub enum Newtype {}

impl<T: Wrapper, const I: usize> Access<T, I> for Newtype
where
    <T::Inner as Data>::Parts: Access<T::Inner, I>,
{
    type Value = <<T::Inner as Data>::Parts as Access<T::Inner, I>>::Value;

    fn get(base: &T, place: Place) -> Result<&Self::Value, Failed> {
        <T::Inner as Data>::Parts::get(base.inner(), place)
    }

    fn get_mut(base: &mut T, place: Place) -> Result<&mut Self::Value, Failed> {
        <T::Inner as Data>::Parts::get_mut(base.inner_mut(), place)
    }

    fn take(base: T, place: Place) -> Result<Self::Value, Failed> {
        <T::Inner as Data>::Parts::take(base.into_inner(), place)
    }
}

impl<T: Wrapper> Build<T> for Newtype {
    type Slots = Option<T::Inner>;

    fn slots() -> Self::Slots {
        None
    }

    fn build(slots: Self::Slots) -> T {
        T::wrap(filled(slots))
    }
}

/// The one field of a newtype, which only a literal of it fills: `OrderId($.id)`.
impl<T: Wrapper> Fill<T, 0> for Newtype {
    type Value = T::Inner;

    fn fill(slots: &mut Self::Slots, _: &'static str, value: T::Inner) {
        *slots = Some(value);
    }
}

/// The value of a field that a template has to give.
///
/// # Panics
///
/// When it is not given, which checks while compiling rule out.
#[inline]
pub fn filled<T>(slot: Option<T>) -> T {
    slot.expect("every required field is filled: it is checked while compiling")
}

/// The position of every element of a list: all have one type.
pub(crate) const ELEMENT: usize = usize::MAX;

/// The position of everything in data whose names are not known while compiling.
pub(crate) const NAMED: usize = 0;

/// The element of data without a type that a place asks for.
pub(crate) fn look_up(base: &Json, place: Place) -> Result<&Json, Failed> {
    <Json as Data>::Parts::get(base, place)
}
