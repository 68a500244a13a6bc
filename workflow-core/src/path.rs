//! How a path goes into data, segment by segment.
//!
//! Every segment of a path is a type: its position in the base type is found while compiling ([`check`](crate::check)), so
//! a path into a Rust type cannot fail, and a path into [`Json`] fails as it does on AWS. Section "Paths" of the States
//! Language.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};
use crate::parts::{Access, look_up};

/// Where in a path a segment stands; what a failure says of it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The whole path as written.
    path: &'static str,
    /// The path up to and with this segment, in the bracket notation that AWS uses in its messages; empty for `$.name`.
    normalized: &'static str,
    /// What the segment asks for.
    pub(crate) key: Key,
    /// Whether it is the last segment.
    last: bool,
}

/// What a segment asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    /// The field of this name.
    Name(&'static str),
    /// The element at this position, from the end where it is negative.
    Index(i64),
}

impl Place {
    /// The only segment of the path `$.name`.
    #[inline]
    #[must_use]
    pub const fn field(path: &'static str, name: &'static str) -> Self {
        Self { path, normalized: "", key: Key::Name(name), last: true }
    }

    /// A segment with a name.
    #[inline]
    #[must_use]
    pub const fn name(
        path: &'static str,
        normalized: &'static str,
        name: &'static str,
        last: bool,
    ) -> Self {
        Self { path, normalized, key: Key::Name(name), last }
    }

    /// A segment with an index.
    #[inline]
    #[must_use]
    pub const fn index(
        path: &'static str,
        normalized: &'static str,
        index: i64,
        last: bool,
    ) -> Self {
        Self { path, normalized, key: Key::Index(index), last }
    }

    /// The path up to and with the segment, in bracket notation.
    fn normalized(&self) -> Cow<'static, str> {
        match self.key {
            Key::Name(name) if self.normalized.is_empty() => format!("$['{name}']").into(),
            _ => self.normalized.into(),
        }
    }

    /// The failure of a path that leads nowhere, with AWS's error name and text.
    #[cold]
    pub(crate) fn no_results(&self) -> Failed {
        let reason = if self.last { "No results for path: " } else { "Missing property in path " };
        let (path, normalized) = (self.path, self.normalized());
        ErrorOutput::runtime(format!("Invalid path '{path}' : {reason}{normalized}"))
    }

    /// The failure of a path that there is nothing to write to.
    #[cold]
    pub(crate) fn no_place(&self) -> Failed {
        let (path, normalized) = (self.path, self.normalized());
        ErrorOutput::new(
            "States.ResultPathMatchFailure",
            format!("Unable to apply path '{path}' to the input: no place for {normalized}"),
        )
    }

    /// The failure of `?`.
    #[cold]
    fn absent(&self) -> Failed {
        let (path, normalized) = (self.path, self.normalized());
        ErrorOutput::runtime(format!("Invalid path '{path}' : {normalized} is absent"))
    }

    pub(crate) fn position(&self, length: usize) -> Result<usize, Failed> {
        let Key::Index(index) = self.key else { return Err(self.no_results()) };
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let position = if index < 0 { index + length } else { index };
        usize::try_from(position)
            .ok()
            .filter(|_| position < length)
            .ok_or_else(|| self.no_results())
    }

    pub(crate) fn named(&self) -> Result<&'static str, Failed> {
        match self.key {
            Key::Name(name) => Ok(name),
            Key::Index(_) => Err(self.no_results()),
        }
    }
}

/// A segment of a path: what it starts from, and what it leads to.
pub trait Segment {
    /// The type that the segment is applied to.
    type Base: Data;
    /// The type that it leads to.
    type Value: Data;

    /// Borrows what the segment leads to.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when it leads nowhere.
    fn get(base: &Self::Base, place: Place) -> Result<&Self::Value, Failed>;

    /// Moves what the segment leads to out of its base.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    fn take(base: Self::Base, place: Place) -> Result<Self::Value, Failed>;

    /// Borrows what the segment leads to for writing.
    ///
    /// # Errors
    ///
    /// `States.ResultPathMatchFailure` when there is no such place.
    fn get_mut(base: &mut Self::Base, place: Place) -> Result<&mut Self::Value, Failed>;
}

/// The part at position `I` of a `T`; where `J` is not zero, the part at position `J - 1` of that part, which is flattened.
#[derive(Debug)]
pub struct Part<T, const I: usize, const J: usize>(PhantomData<T>);

impl<T: Data<Parts: Access<T, I>>, const I: usize> Segment for Part<T, I, 0> {
    type Base = T;
    type Value = <T::Parts as Access<T, I>>::Value;

    #[inline]
    fn get(base: &T, place: Place) -> Result<&Self::Value, Failed> {
        T::Parts::get(base, place)
    }

    #[inline]
    fn take(base: T, place: Place) -> Result<Self::Value, Failed> {
        T::Parts::take(base, place)
    }

    #[inline]
    fn get_mut(base: &mut T, place: Place) -> Result<&mut Self::Value, Failed> {
        T::Parts::get_mut(base, place)
    }
}

macro_rules! flattened {
    ($($inner:literal $position:literal),*) => {$(
        impl<T: Data<Parts: Access<T, I, Value = V>>, V: Data<Parts: Access<V, $inner>>, const I: usize>
            Segment for Part<T, I, $position>
        {
            type Base = T;
            type Value = <V::Parts as Access<V, $inner>>::Value;

            fn get(base: &T, place: Place) -> Result<&Self::Value, Failed> {
                V::Parts::get(T::Parts::get(base, place)?, place)
            }

            fn take(base: T, place: Place) -> Result<Self::Value, Failed> {
                V::Parts::take(T::Parts::take(base, place)?, place)
            }

            fn get_mut(base: &mut T, place: Place) -> Result<&mut Self::Value, Failed> {
                V::Parts::get_mut(T::Parts::get_mut(base, place)?, place)
            }
        }
    )*};
}

flattened!(
    0 1, 1 2, 2 3, 3 4, 4 5, 5 6, 6 7, 7 8, 8 9, 9 10, 10 11, 11 12, 12 13, 13 14, 14 15, 15 16,
    16 17, 17 18, 18 19, 19 20, 20 21, 21 22, 22 23, 23 24, 24 25, 25 26, 26 27, 27 28, 28 29, 29 30, 30 31, 31 32
);

/// The segment `?`: the value of an `Option`, or of data without a type that are not null.
#[derive(Debug)]
pub struct Present<T, const K: usize>(PhantomData<T>);

impl<T: Data> Segment for Present<Option<T>, 0> {
    type Base = Option<T>;
    type Value = T;

    fn get(base: &Option<T>, place: Place) -> Result<&T, Failed> {
        base.as_ref().ok_or_else(|| place.absent())
    }

    fn take(base: Option<T>, place: Place) -> Result<T, Failed> {
        base.ok_or_else(|| place.absent())
    }

    fn get_mut(base: &mut Option<T>, place: Place) -> Result<&mut T, Failed> {
        base.as_mut().ok_or_else(|| place.absent())
    }
}

impl Segment for Present<Json, 1> {
    type Base = Json;
    type Value = Json;

    fn get(base: &Json, place: Place) -> Result<&Json, Failed> {
        if base.is_null() { Err(place.absent()) } else { Ok(base) }
    }

    fn take(base: Json, place: Place) -> Result<Json, Failed> {
        if base.is_null() { Err(place.absent()) } else { Ok(base) }
    }

    fn get_mut(base: &mut Json, place: Place) -> Result<&mut Json, Failed> {
        if base.is_null() { Err(place.absent()) } else { Ok(base) }
    }
}

/// What a definition of ASL sees of a value before the next segment: `K` is 0 for an `Option`, whose value it is, and 1 for all
/// else, which it is itself.
#[derive(Debug)]
pub struct Opened<T, const K: usize>(PhantomData<T>);

impl<T: Data> Segment for Opened<Option<T>, 0> {
    type Base = Option<T>;
    type Value = T;

    fn get(base: &Option<T>, place: Place) -> Result<&T, Failed> {
        base.as_ref().ok_or_else(|| place.no_results())
    }

    fn take(base: Option<T>, place: Place) -> Result<T, Failed> {
        base.ok_or_else(|| place.no_results())
    }

    fn get_mut(base: &mut Option<T>, place: Place) -> Result<&mut T, Failed> {
        base.as_mut().ok_or_else(|| place.no_place())
    }
}

impl<T: Data> Segment for Opened<T, 1> {
    type Base = T;
    type Value = T;

    fn get(base: &T, _: Place) -> Result<&T, Failed> {
        Ok(base)
    }

    fn take(base: T, _: Place) -> Result<T, Failed> {
        Ok(base)
    }

    fn get_mut(base: &mut T, _: Place) -> Result<&mut T, Failed> {
        Ok(base)
    }
}

/// Something with elements of one type: the segments `[*]`, slices and filters, and the items of a Map state.
pub trait Elements {
    /// The type that has elements.
    type Base: Data;
    /// The type of an element.
    type Item: Data;

    /// Borrows the elements; data without a type that are no array or object have none.
    fn each(base: &Self::Base) -> Vec<&Self::Item>;

    /// Moves the elements out, for a Map state, whose `items` are written as `path`.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the data are no array.
    fn items(base: Self::Base, path: &'static str) -> Result<Vec<Self::Item>, Failed>;

    /// Makes a value of its elements.
    fn collect(items: Vec<Self::Item>) -> Self::Base;
}

/// The elements of a `T`.
#[derive(Debug)]
pub struct Each<T, const K: usize>(PhantomData<T>);

impl<T: Data> Elements for Each<Vec<T>, 0> {
    type Base = Vec<T>;
    type Item = T;

    fn each(base: &Vec<T>) -> Vec<&T> {
        base.iter().collect()
    }

    fn items(base: Vec<T>, _: &'static str) -> Result<Vec<T>, Failed> {
        Ok(base)
    }

    fn collect(items: Vec<T>) -> Vec<T> {
        items
    }
}

impl Elements for Each<Json, 1> {
    type Base = Json;
    type Item = Json;

    fn each(base: &Json) -> Vec<&Json> {
        match base {
            Json::Array(items) => items.iter().collect(),
            Json::Object(fields) => fields.values().collect(),
            _ => Vec::new(),
        }
    }

    fn items(base: Json, path: &'static str) -> Result<Vec<Json>, Failed> {
        match base {
            Json::Array(items) => Ok(items),
            other => Err(ErrorOutput::runtime(format!(
                "Reference path \"{path}\" must point to array, but got {other}"
            ))),
        }
    }

    fn collect(items: Vec<Json>) -> Json {
        Json::Array(items)
    }
}

/// An array in a place that may be empty.
impl<T: Data> Elements for Each<Option<Vec<T>>, 2> {
    type Base = Option<Vec<T>>;
    type Item = T;

    fn each(base: &Option<Vec<T>>) -> Vec<&T> {
        base.iter().flatten().collect()
    }

    fn items(base: Option<Vec<T>>, _: &'static str) -> Result<Vec<T>, Failed> {
        Ok(base.unwrap_or_default())
    }

    fn collect(items: Vec<T>) -> Option<Vec<T>> {
        Some(items)
    }
}

/// Returns the elements from `start` to before `end` by `step`, as JSONPath slices count: from the end where negative.
#[must_use]
pub fn slice<T>(
    items: Vec<&T>,
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> Vec<&T> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = step.unwrap_or(1);
    let bound = |bound: i64, least: i64, most: i64| {
        (if bound < 0 { bound + length } else { bound }).clamp(least, most)
    };
    let (mut position, end) = if step > 0 {
        (bound(start.unwrap_or(0), 0, length), bound(end.unwrap_or(length), 0, length))
    } else {
        (
            bound(start.unwrap_or(length - 1), -1, length - 1),
            end.map_or(-1, |end| bound(end, -1, length - 1)),
        )
    };
    let mut selected = Vec::new();
    while step != 0 && if step > 0 { position < end } else { position > end } {
        selected.extend(usize::try_from(position).ok().and_then(|position| items.get(position)));
        position += step;
    }
    selected
}

/// Data without a type, in which `..` looks at every depth. It exists for [`Json`] alone.
#[derive(Debug)]
pub struct Descendants<T, const K: usize>(PhantomData<T>);

impl Descendants<Json, 0> {
    /// Returns the value and everything in it, parents before their children.
    #[must_use]
    pub fn all(base: &Json) -> Vec<&Json> {
        let mut found = vec![base];
        let mut position = 0;
        while position < found.len() {
            found.extend(Each::<Json, 1>::each(found[position]));
            position += 1;
        }
        found
    }

    /// Returns everything in the value, without the value itself: `..*`.
    #[must_use]
    pub fn inner(base: &Json) -> Vec<&Json> {
        Self::all(base).split_off(1)
    }

    /// Returns the fields of a name at every depth: `..name`.
    #[must_use]
    pub fn named(base: &Json, place: Place) -> Vec<&Json> {
        Self::all(base).into_iter().filter_map(|value| look_up(value, place).ok()).collect()
    }
}

/// Data without a type, of which a path takes several fields at its end. It exists for [`Json`] alone.
#[derive(Debug)]
pub struct Several<T, const K: usize>(PhantomData<T>);

impl Several<Json, 0> {
    /// Returns an object of the fields of these names that there are, as AWS does. In RFC 9535 it is a list of their values.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the value is no object.
    pub fn pick(base: &Json, names: &[&str], place: Place) -> Result<Json, Failed> {
        let Json::Object(fields) = base else { return Err(place.no_results()) };
        let found = names.iter().filter_map(|name| {
            let value = fields.get(*name)?;
            Some(((*name).to_owned(), value.clone()))
        });
        Ok(Json::Object(found.collect()))
    }
}

/// Data without a type, into which a path goes that only the JSONPath library reads. It exists for [`Json`] alone.
#[derive(Debug)]
pub struct Query<T, const K: usize>(PhantomData<T>);

#[cfg(feature = "jsonpath")]
impl Query<Json, 0> {
    /// Returns what the path, written without its `$`, leads to.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when it is no path.
    pub fn all<'a>(base: &'a Json, path: &str) -> Result<Vec<&'a Json>, Failed> {
        jsonpath_rust::JsonPath::query(base, &format!("${path}"))
            .map_err(|error| ErrorOutput::runtime(format!("Invalid path '${path}' : {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_counts_from_the_end_where_it_is_negative_and_stops_at_the_bounds() {
        let items = [0, 1, 2, 3, 4];
        let of = |start, end, step| {
            slice(items.iter().collect(), start, end, step)
                .into_iter()
                .copied()
                .collect::<Vec<i32>>()
        };
        assert_eq!(of(Some(1), Some(3), None), [1, 2]);
        assert_eq!(of(Some(-2), None, None), [3, 4]);
        assert_eq!(of(None, Some(99), Some(2)), [0, 2, 4]);
        assert_eq!(of(None, None, Some(-2)), [4, 2, 0]);
        assert_eq!(of(Some(3), Some(1), None), [0; 0]);
        assert_eq!(of(None, None, Some(0)), [0; 0]);
    }

    #[test]
    fn a_path_that_leads_nowhere_says_whether_the_leaf_or_an_ancestor_is_missing() {
        let leaf = Place::name("$.a.b", "$['a']['b']", "b", true);
        let ancestor = Place::name("$.a.b", "$['a']", "a", false);
        let only = Place::field("$.a", "a");
        let data = serde_json::json!({});
        let cause = |failed: Failed| failed.cause;
        assert_eq!(
            cause(look_up(&data, leaf).expect_err("empty")),
            "Invalid path '$.a.b' : No results for path: $['a']['b']"
        );
        assert_eq!(
            cause(look_up(&data, ancestor).expect_err("empty")),
            "Invalid path '$.a.b' : Missing property in path $['a']"
        );
        assert_eq!(
            cause(look_up(&data, only).expect_err("empty")),
            "Invalid path '$.a' : No results for path: $['a']"
        );
    }
}
