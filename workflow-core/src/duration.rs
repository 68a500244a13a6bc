//! Durations as a person reads them.

use std::time::Duration;

/// Writes a duration in one or two units: `42 µs`, `1.5 ms`, `2 s`, `1 min 30 s`.
pub(crate) fn readable(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match duration.as_micros() {
        0..100 => format!("{} µs", duration.as_micros()),
        100..10_000 => format!("{} ms", trimmed(duration.as_secs_f64() * 1e3, 1)),
        10_000..1_000_000 => format!("{} ms", duration.as_millis()),
        1_000_000..60_000_000 => format!("{} s", trimmed(duration.as_secs_f64(), 2)),
        _ if seconds < 3600 => two(seconds / 60, "min", seconds % 60, "s"),
        _ if seconds < 86_400 => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}

fn trimmed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn two(large: u64, unit: &str, small: u64, smaller: &str) -> String {
    match small {
        0 => format!("{large} {unit}"),
        small => format!("{large} {unit} {small} {smaller}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_the_unit_that_reads_best() {
        let text = |micros| readable(Duration::from_micros(micros));
        assert_eq!(text(0), "0 µs");
        assert_eq!(text(120), "0.1 ms");
        assert_eq!(text(3_000), "3 ms");
        assert_eq!(text(500_000), "500 ms");
        assert_eq!(text(2_000_000), "2 s");
        assert_eq!(text(1_250_000), "1.25 s");
        assert_eq!(text(90_000_000), "1 min 30 s");
        assert_eq!(text(7_200_000_000), "2 h");
        assert_eq!(text(90_000_000_000), "1 d 1 h");
    }
}
