//! Times and durations as a person reads them.

use jiff::{SignedDuration, Unit};
use workflow_core::Timestamp;

/// Writes a time to the second: `2025-11-25 21:19:03Z`.
pub(crate) fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Writes how long it is from one time to another: `1h 2m 3s`, `250ms`; below a minute to the millisecond.
pub(crate) fn between(from: Timestamp, to: Timestamp) -> String {
    let duration = from.duration_until(to).max(SignedDuration::ZERO);
    let unit =
        if duration < SignedDuration::from_mins(1) { Unit::Millisecond } else { Unit::Second };
    match duration.round(unit) {
        Ok(SignedDuration::ZERO) => "0ms".to_owned(),
        rounded => format!("{:#}", rounded.unwrap_or(duration)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_units_that_they_need() {
        let from = Timestamp::from_second(1_764_105_543).unwrap();
        let text = |milliseconds| between(from, from + SignedDuration::from_millis(milliseconds));
        assert_eq!(text(0), "0ms");
        assert_eq!(text(-5), "0ms");
        assert_eq!(text(2_250), "2s 250ms");
        assert_eq!(text(3_723_250), "1h 2m 3s");
        assert_eq!(moment(from), "2025-11-25 21:19:03Z");
    }
}
