//! How a state of a machine is saved and restored: as the name of the state, and its input.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Saves a state with its input.
pub fn save<S: Serializer, I: Serialize>(
    serializer: S,
    state: &'static str,
    input: &I,
) -> Result<S::Ok, S::Error> {
    let mut tuple = serializer.serialize_tuple(2)?;
    tuple.serialize_element(state)?;
    tuple.serialize_element(input)?;
    tuple.end()
}

/// The states of a machine, to restore.
pub trait Restore: Sized {
    /// Restores the state of a name, with the input that comes next.
    fn restore<'de, A: SeqAccess<'de>>(state: &str, input: A) -> Result<Self, A::Error>;
}

/// Restores a state with its input.
pub fn restore<'de, T: Restore, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Saved<T>(PhantomData<T>);

    impl<'de, T: Restore> Visitor<'de> for Saved<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a state and its input")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut saved: A) -> Result<T, A::Error> {
            let state: String =
                saved.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
            T::restore(&state, saved)
        }
    }

    deserializer.deserialize_tuple(2, Saved(PhantomData))
}

/// The input of a state that is being restored.
pub fn saved_input<'de, I: Deserialize<'de>, A: SeqAccess<'de>>(
    mut saved: A,
) -> Result<I, A::Error> {
    saved.next_element()?.ok_or_else(|| A::Error::custom("the input of the state is missing"))
}

/// The error for a state that the machine does not have.
pub fn unknown_state<T, E: serde::de::Error>(
    state: &str,
    states: &'static [&'static str],
) -> Result<T, E> {
    Err(E::unknown_variant(state, states))
}
