//! The parts of `Json`, and of the lists, maps, options, boxes and tuples of the standard library.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::marker::PhantomData;

use super::{Access, Build, ELEMENT, Fill, NAMED};
use crate::data::{Data, Json};
use crate::error::Failed;
use crate::path::{Key, Place};

/// The parts are looked up by name or index: [`Json`].
#[derive(Debug)]
pub enum Dynamic {}

impl Access<Json, NAMED> for Dynamic {
    type Value = Json;

    fn get(base: &Json, place: Place) -> Result<&Json, Failed> {
        match (base, &place.key) {
            (Json::Object(fields), Key::Name(name)) => fields.get(*name),
            (Json::Array(items), Key::Index(_)) => items.get(place.position(items.len())?),
            _ => None,
        }
        .ok_or_else(|| place.no_results())
    }

    fn get_mut(base: &mut Json, place: Place) -> Result<&mut Json, Failed> {
        if let (Json::Null, Key::Name(_)) = (&base, &place.key) {
            *base = Json::Object(serde_json::Map::new());
        }
        match (base, &place.key) {
            (Json::Object(fields), Key::Name(name)) => {
                Ok(fields.entry(*name).or_insert(Json::Null))
            }
            (Json::Array(items), Key::Index(_)) => {
                let position = place.position(items.len()).map_err(|_| place.no_place())?;
                items.get_mut(position).ok_or_else(|| place.no_place())
            }
            _ => Err(place.no_place()),
        }
    }

    fn take(mut base: Json, place: Place) -> Result<Json, Failed> {
        match (&mut base, &place.key) {
            (Json::Object(fields), Key::Name(name)) => fields.swap_remove(*name),
            (Json::Array(items), Key::Index(_)) => {
                Some(items.swap_remove(place.position(items.len())?))
            }
            _ => None,
        }
        .ok_or_else(|| place.no_results())
    }
}

impl Build<Json> for Dynamic {
    type Slots = serde_json::Map<String, Json>;

    fn slots() -> Self::Slots {
        serde_json::Map::new()
    }

    fn build(slots: Self::Slots) -> Json {
        Json::Object(slots)
    }
}

impl Fill<Json, NAMED> for Dynamic {
    type Value = Json;

    fn fill(slots: &mut Self::Slots, name: &'static str, value: Json) {
        slots.insert(name.to_owned(), value);
    }
}

/// The parts are the elements of a list.
#[derive(Debug)]
pub enum List {}

impl<T: Data> Access<Vec<T>, ELEMENT> for List {
    type Value = T;

    fn get(base: &Vec<T>, place: Place) -> Result<&T, Failed> {
        Ok(&base[place.position(base.len())?])
    }

    fn get_mut(base: &mut Vec<T>, place: Place) -> Result<&mut T, Failed> {
        let position = place.position(base.len()).map_err(|_| place.no_place())?;
        Ok(&mut base[position])
    }

    fn take(mut base: Vec<T>, place: Place) -> Result<T, Failed> {
        Ok(base.swap_remove(place.position(base.len())?))
    }
}

/// The parts are the values of a map, by name.
#[derive(Debug)]
pub enum Named {}

macro_rules! named {
    ($map:ty; $($parameters:tt)*) => {
        impl<$($parameters)*> Access<$map, NAMED> for Named {
            type Value = T;

            fn get(base: &$map, place: Place) -> Result<&T, Failed> {
                base.get(place.named()?).ok_or_else(|| place.no_results())
            }

            fn get_mut(base: &mut $map, place: Place) -> Result<&mut T, Failed> {
                base.get_mut(place.named()?).ok_or_else(|| place.no_place())
            }

            fn take(mut base: $map, place: Place) -> Result<T, Failed> {
                base.remove(place.named()?).ok_or_else(|| place.no_results())
            }
        }

        impl<$($parameters)*> Build<$map> for Named {
            type Slots = $map;

            fn slots() -> $map {
                <$map>::default()
            }

            fn build(slots: $map) -> $map {
                slots
            }
        }

        impl<$($parameters)*> Fill<$map, NAMED> for Named {
            type Value = T;

            fn fill(slots: &mut $map, name: &'static str, value: T) {
                slots.insert(name.to_owned(), value);
            }
        }
    };
}

named!(BTreeMap<String, T>; T: Data);
named!(HashMap<String, T, S>; T: Data, S: BuildHasher + Default + Clone + Send + Sync + 'static);

/// A template builds what is in an `Option`; a path does not go into it.
#[derive(Debug)]
pub struct Optional<T>(PhantomData<T>);

impl<T: Data<Parts: Build<T>>> Build<Option<T>> for Optional<T> {
    type Slots = <T::Parts as Build<T>>::Slots;

    #[inline]
    fn slots() -> Self::Slots {
        T::Parts::slots()
    }

    #[inline]
    fn build(slots: Self::Slots) -> Option<T> {
        Some(T::Parts::build(slots))
    }
}

impl<T: Data<Parts: Fill<T, I>>, const I: usize> Fill<Option<T>, I> for Optional<T> {
    type Value = <T::Parts as Fill<T, I>>::Value;

    #[inline]
    fn fill(slots: &mut Self::Slots, name: &'static str, value: Self::Value) {
        T::Parts::fill(slots, name, value);
    }
}

/// The parts are those of what is in the box.
#[derive(Debug)]
pub struct Boxed<T>(PhantomData<T>);

impl<T: Data<Parts: Access<T, I>>, const I: usize> Access<Box<T>, I> for Boxed<T> {
    type Value = <T::Parts as Access<T, I>>::Value;

    fn get(base: &Box<T>, place: Place) -> Result<&Self::Value, Failed> {
        T::Parts::get(base, place)
    }

    fn get_mut(base: &mut Box<T>, place: Place) -> Result<&mut Self::Value, Failed> {
        T::Parts::get_mut(base, place)
    }

    fn take(base: Box<T>, place: Place) -> Result<Self::Value, Failed> {
        T::Parts::take(*base, place)
    }
}

impl<T: Data<Parts: Build<T>>> Build<Box<T>> for Boxed<T> {
    type Slots = <T::Parts as Build<T>>::Slots;

    fn slots() -> Self::Slots {
        T::Parts::slots()
    }

    fn build(slots: Self::Slots) -> Box<T> {
        Box::new(T::Parts::build(slots))
    }
}

impl<T: Data<Parts: Fill<T, I>>, const I: usize> Fill<Box<T>, I> for Boxed<T> {
    type Value = <T::Parts as Fill<T, I>>::Value;

    fn fill(slots: &mut Self::Slots, name: &'static str, value: Self::Value) {
        T::Parts::fill(slots, name, value);
    }
}

/// The parts are the elements of a tuple of the standard library.
#[derive(Debug)]
pub enum Elements {}

macro_rules! tuple_element {
    ($position:tt $value:ident: $($parameter:ident)+) => {
        impl<$($parameter: Data),+> Access<($($parameter,)+), $position> for Elements {
            type Value = $value;

            fn get(base: &($($parameter,)+), _: Place) -> Result<&$value, Failed> {
                Ok(&base.$position)
            }

            fn get_mut(base: &mut ($($parameter,)+), _: Place) -> Result<&mut $value, Failed> {
                Ok(&mut base.$position)
            }

            fn take(base: ($($parameter,)+), _: Place) -> Result<$value, Failed> {
                Ok(base.$position)
            }
        }
    };
}

macro_rules! tuple {
    ($(($position:tt $value:ident))+; $parameters:tt) => {
        $(tuple!(@ $position $value $parameters);)+
    };
    (@ $position:tt $value:ident ($($parameter:ident)+)) => {
        tuple_element!($position $value: $($parameter)+);
    };
}

tuple!((0 A); (A));
tuple!((0 A) (1 B); (A B));
tuple!((0 A) (1 B) (2 C); (A B C));
tuple!((0 A) (1 B) (2 C) (3 D); (A B C D));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E); (A B C D E));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F); (A B C D E F));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G); (A B C D E F G));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H); (A B C D E F G H));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I); (A B C D E F G H I));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J); (A B C D E F G H I J));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K); (A B C D E F G H I J K));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L); (A B C D E F G H I J K L));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L) (12 M); (A B C D E F G H I J K L M));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L) (12 M) (13 N); (A B C D E F G H I J K L M N));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L) (12 M) (13 N) (14 O); (A B C D E F G H I J K L M N O));
tuple!((0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L) (12 M) (13 N) (14 O) (15 P); (A B C D E F G H I J K L M N O P));
