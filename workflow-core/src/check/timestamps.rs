//! Whether a text is a timestamp, which is known while compiling where it is a literal.

/// Whether a text is a timestamp as the States Language has it: `2026-03-14T01:59:00Z`, with fractions and offsets.
pub(crate) const fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let form = b"dddd-dd-ddTdd:dd:dd";
    if bytes.len() <= form.len() {
        return false;
    }
    let mut position = 0;
    while position < form.len() {
        let right = match form[position] {
            b'd' => bytes[position].is_ascii_digit(),
            letter => bytes[position] == letter,
        };
        if !right {
            return false;
        }
        position += 1;
    }
    if bytes[position] == b'.' {
        position += 1;
        let fraction = position;
        while position < bytes.len() && bytes[position].is_ascii_digit() {
            position += 1;
        }
        if position == fraction {
            return false;
        }
    }
    let is_offset = match bytes.len() - position {
        1 => bytes[position] == b'Z',
        6 => {
            matches!(bytes[position], b'+' | b'-')
                && bytes[position + 3] == b':'
                && two_digits(bytes, position + 1) <= 23
                && two_digits(bytes, position + 4) <= 59
        }
        _ => false,
    };
    is_offset
        && is_day(bytes)
        && two_digits(bytes, 11) <= 23
        && two_digits(bytes, 14) <= 59
        && two_digits(bytes, 17) <= 60
}

/// Whether the calendar has the day that `2026-03-14` at the start of a text stands for.
const fn is_day(text: &[u8]) -> bool {
    let year = two_digits(text, 0) * 100 + two_digits(text, 2);
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match two_digits(text, 5) {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let day = two_digits(text, 8);
    1 <= day && day <= days
}

/// The number of two digits; 100 where they are none.
const fn two_digits(text: &[u8], position: usize) -> u32 {
    let (tens, ones) = (text[position], text[position + 1]);
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return 100;
    }
    (tens - b'0') as u32 * 10 + (ones - b'0') as u32
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn a_timestamp_is_what_can_be_read_as_one() {
        for text in [
            "2026-03-14T01:59:00Z",
            "2026-03-14T01:59:00.5Z",
            "2026-03-14T01:59:00+01:00",
            "2024-02-29T23:59:59-23:59",
            "2000-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-12-00T00:00:00Z",
            "2026-12-32T00:00:00Z",
            "2026-12-31T24:00:00Z",
            "2026-12-31T00:60:00Z",
            "2026-12-31T00:00:61Z",
            "2026-12-31T00:00:00+01:60",
            "2026-12-31T00:00:00+1:000",
            "2026-12-31T00:00:00.Z",
            "2026-12-31T00:00:00",
            "2026-12-31",
            "",
        ] {
            assert_eq!(is_timestamp(text), text.parse::<jiff::Timestamp>().is_ok(), "{text}");
        }
    }
}
