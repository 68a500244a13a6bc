//! Text cut to what a line has room for.

/// What is left of an input whose output is long.
const LEAST_INPUT: usize = 8;

/// Writes what went in and what came out within a width.
///
/// What came out is cut last: what went in mostly came out of the line above.
pub(super) fn pair(input: &str, output: &str, width: usize) -> (String, String) {
    let room = width.saturating_sub(" → ".chars().count());
    let (input_length, output_length) = (length(input), length(output));
    let for_output = output_length.min(room.saturating_sub(LEAST_INPUT.min(input_length)));
    let for_input = room.saturating_sub(for_output);
    (json(input, for_input), json(output, for_output))
}

/// Writes compact JSON within a width: what is too long loses its last fields or items, and keeps its bracket.
pub(super) fn json(text: &str, width: usize) -> String {
    if length(text) <= width {
        return text.to_owned();
    }
    let bracket = match text.chars().next() {
        Some('{') => '}',
        Some('[') => ']',
        _ => return plain(text, width),
    };
    match last_comma(text, width.saturating_sub(2)) {
        Some(comma) => format!("{}…{bracket}", &text[..=comma]),
        None => plain(text, width),
    }
}

/// Writes text on one line, and without what a terminal would obey.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn plain(text: &str, width: usize) -> String {
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

/// The last comma between the outermost fields or items that stands within a width.
fn last_comma(json: &str, width: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped, mut comma) = (0, false, false, None);
    for (position, character) in json.char_indices().take(width) {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 1 => comma = Some(position),
            _ => {}
        }
    }
    comma
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_json_loses_whole_fields() {
        let order = r#"{"id":"a,\",b","items":[1,2,3],"total":42}"#;
        assert_eq!(json(order, 100), order);
        assert_eq!(json(order, 35), r#"{"id":"a,\",b","items":[1,2,3],…}"#);
        assert_eq!(json(order, 30), r#"{"id":"a,\",b",…}"#);
        assert_eq!(json(order, 8), r#"{"id":"…"#);
    }

    #[test]
    fn what_came_out_is_cut_last() {
        assert_eq!(pair("[1,2]", "true", 20), ("[1,2]".to_owned(), "true".to_owned()));
        assert_eq!(pair("[1,2,3,4,5,6]", "true", 15), ("[1,2,…]".to_owned(), "true".to_owned()));
        assert_eq!(
            pair(r#"{"total":500}"#, r#"{"points":500}"#, 27),
            (r#"{"total":…"#.to_owned(), r#"{"points":500}"#.to_owned())
        );
    }

    #[test]
    fn text_stays_on_its_line() {
        assert_eq!(one_line("no\nway\u{1b}[2J"), "no way [2J");
    }
}
