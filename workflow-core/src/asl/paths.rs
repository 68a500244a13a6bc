//! Paths in the spelling of ASL.

/// A path of the language as ASL spells it: names in brackets have single quotes, `?` is left out, and a filter asks whether
/// a path leads anywhere by naming it.
pub(super) fn path(native: &str) -> String {
    let mut asl = String::new();
    let mut rest = native;
    while let Some(letter) = rest.chars().next() {
        if letter == '"' {
            let (text, after) = quoted(rest);
            asl.push('\'');
            asl.push_str(&text.replace('\'', "\\'"));
            asl.push('\'');
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix("is_present(") {
            let end = after.find(')').unwrap_or(after.len());
            asl.push_str(&path(&after[..end]));
            rest = after.get(end + 1..).unwrap_or_default();
            continue;
        }
        // A `?` that begins no filter says what fails the execution here, as a missing value does on AWS.
        if letter != '?' || asl.ends_with('[') {
            asl.push(letter);
        }
        rest = &rest[letter.len_utf8()..];
    }
    asl
}

/// The JSON string that a text begins with, and what follows.
fn quoted(text: &str) -> (String, &str) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    match values.next() {
        Some(Ok(value)) => {
            let end = values.byte_offset();
            (value, &text[end..])
        }
        _ => (String::new(), &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_is_spelt_as_in_asl() {
        assert_eq!(path("$.a.b[0]"), "$.a.b[0]");
        assert_eq!(path("$[\"a b\"].c"), "$['a b'].c");
        assert_eq!(path("$.a?.b"), "$.a.b");
        assert_eq!(path("$.a[?(@.price > 10)]"), "$.a[?(@.price > 10)]");
        assert_eq!(path("$.a[?(is_present(@.b) && @.c == \"d\")]"), "$.a[?(@.b && @.c == 'd')]");
        assert_eq!(path("$[\"it's\"]"), "$['it\\'s']");
    }
}
