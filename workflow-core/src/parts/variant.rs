//! The variants of an enum, each as the tuple of its fields: what the literal of a variant builds.

use serde::{Deserialize, Serialize};

use super::{Build, Fill, Item, Tuple};
use crate::data::{Data, Shape, Type};

/// An enum whose variant at position `V` of [`Type::variants`] has fields. `derive(Data)` implements it.
pub trait Construct<const V: usize>: Sized {
    /// The types of the fields.
    type Fields: Tuple;

    /// Builds the value from the fields that a literal gives.
    fn construct(slots: <Self::Fields as Tuple>::Slots) -> Self;
}

/// A value of an enum, seen as an object with the fields of the variant at position `V`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfVariant<E, const V: usize>(pub E);

#[diagnostic::do_not_recommend]
impl<E: Data + Construct<V>, const V: usize> Data for OfVariant<E, V> {
    const TYPE: &'static Type = &Type {
        name: E::TYPE.variants()[V].rust_name,
        module: E::TYPE.module,
        parameters: E::TYPE.parameters,
        shape: Shape::Object(E::TYPE.variants()[V].fields),
    };
    type Parts = Constructed;
}

/// The parts are the fields of a variant.
#[derive(Debug)]
pub enum Constructed {}

impl<E: Construct<V>, const V: usize> Build<OfVariant<E, V>> for Constructed {
    type Slots = <E::Fields as Tuple>::Slots;

    #[inline]
    fn slots() -> Self::Slots {
        E::Fields::slots()
    }

    #[inline]
    fn build(slots: Self::Slots) -> OfVariant<E, V> {
        OfVariant(E::construct(slots))
    }
}

impl<E: Construct<V, Fields: Item<I>>, const V: usize, const I: usize> Fill<OfVariant<E, V>, I>
    for Constructed
{
    type Value = <E::Fields as Item<I>>::Value;

    #[inline]
    fn fill(slots: &mut Self::Slots, _: &'static str, value: Self::Value) {
        E::Fields::fill(slots, value);
    }
}
