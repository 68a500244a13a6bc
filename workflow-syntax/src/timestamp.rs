//! Timestamps as AWS takes them: RFC 3339 with an upper-case T, and Z or an offset.

/// Whether a text is a timestamp.
pub fn is_timestamp(text: &str) -> bool {
    text.contains('T') && !text.contains(['t', 'z', ' ']) && text.parse::<jiff::Timestamp>().is_ok()
}
