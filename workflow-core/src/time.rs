//! Times of data: timestamps as the States Language writes them.

use std::marker::PhantomData;

use jiff::Timestamp;

use crate::choice::{DYNAMIC, TEXTS, TIMESTAMPS};
use crate::data::Json;
use crate::error::{ErrorOutput, Failed};

/// Reads a timestamp of the profile of RFC 3339 that the States Language uses: with an upper-case `T` and `Z`.
pub(crate) fn timestamp_of(text: &str) -> Option<Timestamp> {
    (text.len() >= 20 && !text.contains(['t', 'z', ' '])).then(|| text.parse().ok()).flatten()
}

/// A value that stands for a time.
#[derive(Debug)]
pub struct Time<T, const K: usize>(PhantomData<T>);

impl Time<Timestamp, TIMESTAMPS> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// None.
    pub fn of(value: &Timestamp) -> Result<Timestamp, Failed> {
        Ok(*value)
    }
}

impl Time<String, TEXTS> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the text is no timestamp.
    pub fn of(value: &str) -> Result<Timestamp, Failed> {
        timestamp_of(value).ok_or_else(|| {
            ErrorOutput::runtime(format!("the text `{value}` is no timestamp of RFC 3339"))
        })
    }
}

impl Time<Json, DYNAMIC> {
    /// Returns the time.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the data are no text, or the text is no timestamp.
    pub fn of(value: &Json) -> Result<Timestamp, Failed> {
        match value.as_str() {
            Some(text) => Time::<String, TEXTS>::of(text),
            None => Err(ErrorOutput::runtime(format!("{value} is no timestamp of RFC 3339"))),
        }
    }
}
