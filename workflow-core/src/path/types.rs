//! The parts of `Json`, and of the lists, maps, boxes and tuples of the standard library.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::{ELEMENT, Key, NAMED, Nth, Place, no_place};
use crate::data::{Data, Json};
use crate::error::Failed;

impl Nth<NAMED> for Json {
    type Value = Json;

    fn nth(&self, place: &'static Place) -> Result<&Json, Failed> {
        match (self, &place.key) {
            (Json::Object(fields), Key::Name(name)) => fields.get(*name),
            (Json::Array(items), Key::Index(_)) => items.get(place.position(items.len())?),
            _ => None,
        }
        .ok_or_else(|| place.no_results())
    }

    fn nth_mut(&mut self, place: &'static Place) -> Result<&mut Json, Failed> {
        if let (Json::Null, Key::Name(_)) = (&self, &place.key) {
            *self = Json::Object(serde_json::Map::new());
        }
        match (self, &place.key) {
            (Json::Object(fields), Key::Name(name)) => {
                Ok(fields.entry(*name).or_insert(Json::Null))
            }
            (Json::Array(items), Key::Index(_)) => {
                let position = place.position(items.len()).map_err(|_| no_place(place))?;
                items.get_mut(position).ok_or_else(|| no_place(place))
            }
            _ => Err(no_place(place)),
        }
    }

    fn into_nth(mut self, place: &'static Place) -> Result<Json, Failed> {
        match (&mut self, &place.key) {
            (Json::Object(fields), Key::Name(name)) => fields.swap_remove(*name),
            (Json::Array(items), Key::Index(_)) => {
                Some(items.swap_remove(place.position(items.len())?))
            }
            _ => None,
        }
        .ok_or_else(|| place.no_results())
    }
}

impl<T: Data> Nth<ELEMENT> for Vec<T> {
    type Value = T;

    fn nth(&self, place: &'static Place) -> Result<&T, Failed> {
        Ok(&self[place.position(self.len())?])
    }

    fn nth_mut(&mut self, place: &'static Place) -> Result<&mut T, Failed> {
        let position = place.position(self.len()).map_err(|_| no_place(place))?;
        Ok(&mut self[position])
    }

    fn into_nth(mut self, place: &'static Place) -> Result<T, Failed> {
        Ok(self.swap_remove(place.position(self.len())?))
    }
}

impl<T: Data> Nth<NAMED> for BTreeMap<String, T> {
    type Value = T;

    fn nth(&self, place: &'static Place) -> Result<&T, Failed> {
        self.get(place.name()?).ok_or_else(|| place.no_results())
    }

    fn nth_mut(&mut self, place: &'static Place) -> Result<&mut T, Failed> {
        self.get_mut(place.name()?).ok_or_else(|| no_place(place))
    }

    fn into_nth(mut self, place: &'static Place) -> Result<T, Failed> {
        self.remove(place.name()?).ok_or_else(|| place.no_results())
    }
}

impl<T: Data, S: BuildHasher + Default + Clone + Send + Sync + 'static> Nth<NAMED>
    for HashMap<String, T, S>
{
    type Value = T;

    fn nth(&self, place: &'static Place) -> Result<&T, Failed> {
        self.get(place.name()?).ok_or_else(|| place.no_results())
    }

    fn nth_mut(&mut self, place: &'static Place) -> Result<&mut T, Failed> {
        self.get_mut(place.name()?).ok_or_else(|| no_place(place))
    }

    fn into_nth(mut self, place: &'static Place) -> Result<T, Failed> {
        self.remove(place.name()?).ok_or_else(|| place.no_results())
    }
}

impl<T: Nth<I>, const I: usize> Nth<I> for Box<T> {
    type Value = T::Value;

    fn nth(&self, place: &'static Place) -> Result<&T::Value, Failed> {
        (**self).nth(place)
    }

    fn nth_mut(&mut self, place: &'static Place) -> Result<&mut T::Value, Failed> {
        (**self).nth_mut(place)
    }

    fn into_nth(self, place: &'static Place) -> Result<T::Value, Failed> {
        (*self).into_nth(place)
    }
}

macro_rules! tuple_element {
    ($position:tt $value:ident: $($parameter:ident)+) => {
        impl<$($parameter: Data),+> Nth<$position> for ($($parameter,)+) {
            type Value = $value;

            fn nth(&self, _: &'static Place) -> Result<&$value, Failed> {
                Ok(&self.$position)
            }

            fn nth_mut(&mut self, _: &'static Place) -> Result<&mut $value, Failed> {
                Ok(&mut self.$position)
            }

            fn into_nth(self, _: &'static Place) -> Result<$value, Failed> {
                Ok(self.$position)
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
