//! Times as the command line of AWS writes them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use workflow_core::Timestamp;

/// A time, as in `2025-11-25T21:19:03.250000+00:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Date(pub(crate) Timestamp);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").fmt(f)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        Timestamp::from_str(&text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_by_aws_and_read_again() {
        let date = Date(Timestamp::from_millisecond(1_764_105_543_250).unwrap());
        assert_eq!(date.to_string(), "2025-11-25T21:19:03.250000+00:00");
        assert_eq!(Date::try_from(date.to_string()).unwrap(), date);
    }
}
