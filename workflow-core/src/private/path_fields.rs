//! The fields of ASL that name their value by a path, such as `SecondsPath`: what they lead to, and AWS's words where that is
//! no value for the field.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};
use crate::fit::to_json;
use crate::items::Tolerance;

/// A field and its path.
#[derive(Debug, Clone, Copy)]
pub struct PathField {
    /// The name of the field.
    pub field: &'static str,
    /// The path as it is written.
    pub path: &'static str,
}

/// What a path led to.
type Found<T> = Result<T, Failed>;

impl PathField {
    /// A duration in seconds.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the path leads nowhere, or to no number of seconds.
    pub fn seconds<T: Data>(
        self,
        found: Found<T>,
        read: fn(T) -> Found<Duration>,
    ) -> Found<Duration> {
        let value = self.found(found)?;
        let text = shown(&to_json(&value)?);
        let Self { field, path } = self;
        read(value).map_err(|_| {
            ErrorOutput::runtime(format!(
                "The {field} parameter cannot be parsed as a long value: {path} == {text}"
            ))
        })
    }

    /// A time.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the path leads nowhere, or to no timestamp.
    pub fn timestamp<T: Data>(
        self,
        found: Found<T>,
        read: fn(&T) -> Found<Timestamp>,
    ) -> Found<Timestamp> {
        let value = self.found(found)?;
        let text = shown(&to_json(&value)?);
        let Self { field, path } = self;
        read(&value).map_err(|_| {
            ErrorOutput::runtime(format!(
                "The {field} parameter does not reference a valid ISO-8601 extended offset date-time format string: {path} == {text}"
            ))
        })
    }

    /// A whole number, which may be written as text.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the path leads nowhere, or to no whole number.
    pub fn integer<T: Data>(self, found: Found<T>) -> Found<i64> {
        self.number(found, Json::as_i64, "integer")
    }

    /// A number, which may be written as text.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the path leads nowhere, or to no number.
    pub fn float<T: Data>(self, found: Found<T>) -> Found<f64> {
        self.number(found, Json::as_f64, "float")
    }

    fn found<T>(self, found: Found<T>) -> Found<T> {
        let Self { field, path } = self;
        found.map_err(|_| {
            ErrorOutput::runtime(format!(
                "The {field} parameter does not reference an input value: {path}"
            ))
        })
    }

    fn number<T: Data, N: FromStr>(
        self,
        found: Found<T>,
        read: fn(&Json) -> Option<N>,
        what: &str,
    ) -> Found<N> {
        let value = to_json(&self.found(found)?)?;
        let number = match &value {
            Json::String(text) => text.parse().ok(),
            value => read(value),
        };
        let Self { field, path } = self;
        number.ok_or_else(|| {
            let text = shown(&value);
            ErrorOutput::runtime(format!(
                "The {field} field refers to value \"{text}\" which is not a valid {what}: {path}"
            ))
        })
    }
}

/// A value as AWS writes it into a message: a text without its quotes.
fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many items may run at a time: ASL's `MaxConcurrency`.
///
/// # Errors
///
/// `States.Runtime` when it is negative.
pub fn concurrency(most: i64) -> Result<u32, Failed> {
    u32::try_from(most).map_err(|_| ErrorOutput::runtime("MaxConcurrency cannot be negative."))
}

/// How many failures of items a Map state tolerates.
///
/// # Errors
///
/// `States.Runtime` when a number is out of its range.
pub fn tolerance(count: i64, percentage: f64) -> Result<Tolerance, Failed> {
    let count = u32::try_from(count)
        .map_err(|_| ErrorOutput::runtime("ToleratedFailureCount cannot be negative."))?;
    if !(0.0..=100.0).contains(&percentage) {
        return Err(ErrorOutput::runtime("ToleratedFailurePercentage must be between 0 and 100."));
    }
    Ok(Tolerance { count, percentage })
}

/// The failure of a path in a template, or in another field whose value is a path or a call.
#[cold]
pub fn not_in_input<T: Data>(path: &str, field: &str, input: &T) -> Failed {
    let input = to_json(input).unwrap_or_default();
    ErrorOutput::runtime(format!(
        "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'"
    ))
}
