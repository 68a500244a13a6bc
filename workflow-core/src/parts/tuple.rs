//! Tuples of the fields of a struct. A struct of more has a function for each of them.

use crate::data::Data;

/// The types of a struct's fields.
pub trait Tuple: 'static {
    /// A reference to each.
    type Refs<'a>;
    /// A reference for writing to each.
    type Muts<'a>;
    /// A place for each, to be filled.
    type Slots;

    /// No place is filled yet.
    fn slots() -> Self::Slots;
}

/// The type at position `I` of a tuple.
pub trait Item<const I: usize>: Tuple {
    /// The type.
    type Value: Data;

    /// One reference out of all.
    fn pick(refs: Self::Refs<'_>) -> &Self::Value;

    /// One reference for writing out of all.
    fn pick_mut(muts: Self::Muts<'_>) -> &mut Self::Value;

    /// One value out of all.
    fn take(self) -> Self::Value;

    /// Fills a place.
    fn fill(slots: &mut Self::Slots, value: Self::Value);
}

macro_rules! item {
    ($position:tt $value:ident ($($parameter:ident)*)) => {
        impl<$($parameter: 'static),*> Item<$position> for ($($parameter,)*)
        where
            $value: Data,
        {
            type Value = $value;

            #[inline]
            fn pick(refs: Self::Refs<'_>) -> &$value {
                refs.$position
            }

            #[inline]
            fn pick_mut(muts: Self::Muts<'_>) -> &mut $value {
                muts.$position
            }

            #[inline]
            fn take(self) -> $value {
                self.$position
            }

            #[inline]
            fn fill(slots: &mut Self::Slots, value: $value) {
                slots.$position = Some(value);
            }
        }
    };
}

macro_rules! tuple {
    ($($position:tt $parameter:ident)*) => {
        impl<$($parameter: 'static),*> Tuple for ($($parameter,)*) {
            type Refs<'a> = ($(&'a $parameter,)*);
            type Muts<'a> = ($(&'a mut $parameter,)*);
            type Slots = ($(Option<$parameter>,)*);

            #[inline]
            fn slots() -> Self::Slots {
                Self::Slots::default()
            }
        }

        tuple!(@ ($($parameter)*) $($position $parameter)*);
    };
    (@ $parameters:tt $($position:tt $value:ident)*) => {
        $(item!($position $value $parameters);)*
    };
}

tuple!();
tuple!(0 A);
tuple!(0 A 1 B);
tuple!(0 A 1 B 2 C);
tuple!(0 A 1 B 2 C 3 D);
tuple!(0 A 1 B 2 C 3 D 4 E);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K);
tuple!(0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L);
