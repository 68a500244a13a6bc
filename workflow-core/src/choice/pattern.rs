//! `StringMatches`: text and patterns.

use std::marker::PhantomData;

use super::{DYNAMIC, TEXTS};
use crate::data::Json;

/// Text that a pattern may match.
#[derive(Debug)]
pub struct Pattern<T, const K: usize>(PhantomData<T>);

impl Pattern<String, TEXTS> {
    /// ASL's `StringMatches`.
    #[must_use]
    pub fn matches(text: &str, pattern: &str) -> bool {
        string_matches(text, pattern)
    }
}

impl Pattern<Json, DYNAMIC> {
    /// ASL's `StringMatches`, which does not hold for what is no text.
    #[must_use]
    pub fn matches(value: &Json, pattern: &str) -> bool {
        value.as_str().is_some_and(|text| string_matches(text, pattern))
    }
}

/// Whether a text matches a pattern, in which `*` stands for any text, `\*` for an asterisk and `\\` for a backslash.
///
/// # Example
///
/// ```
/// use workflow_core::string_matches;
///
/// assert!(string_matches("log-2026-11.txt", "log-*.txt"));
/// assert!(string_matches("2*3", r"2\*3"));
/// assert!(!string_matches("2+3", r"2\*3"));
/// ```
#[must_use]
pub fn string_matches(text: &str, pattern: &str) -> bool {
    let pattern = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(Some(letter)) if *letter == text[place] => (at, place) = (at + 1, place + 1),
            Some(None) => {
                last_star = Some((at, place));
                at += 1;
            }
            _ => match last_star {
                Some((star, start)) => {
                    last_star = Some((star, start + 1));
                    (at, place) = (star + 1, start + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(Option::is_none)
}

/// The letters of a pattern; `None` is the wildcard.
fn tokens(pattern: &str) -> Vec<Option<char>> {
    let mut letters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            '*' => None,
            '\\' => Some(letters.next().unwrap_or('\\')),
            letter => Some(letter),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_as_a_whole_and_backtracks() {
        assert!(string_matches("aXbXc", "a*X*c"));
        assert!(string_matches("", "*"));
        assert!(!string_matches("abc", "ab"));
        assert!(!string_matches("abc", "abcd"));
        assert!(string_matches(r"a\b", r"a\\b"));
    }
}
