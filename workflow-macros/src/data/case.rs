//! The cases of `#[serde(rename_all = "...")]`, with serde's own rules for fields and for variants.

/// A case that names are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// Returns the case of that name, if there is one.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// Rewrites the name of a field, which is in snake case.
    pub(super) fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => with_small_initial(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// Rewrites the name of a variant, which is in pascal case.
    pub(super) fn variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => with_small_initial(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// A name in snake case, in pascal case.
pub(crate) fn pascal(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|initial| initial.to_ascii_uppercase()).into_iter().chain(letters)
    });
    words.flatten().collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (position, letter) in name.char_indices() {
        if position > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn with_small_initial(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|initial| initial.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [&str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    fn all(rewrite: impl Fn(Case) -> String) -> Vec<String> {
        CASES.iter().filter_map(|name| Case::named(name)).map(rewrite).collect()
    }

    #[test]
    fn a_field_is_rewritten_as_serde_does() {
        assert_eq!(
            all(|case| case.field("very_tasty")),
            [
                "very_tasty",
                "VERY_TASTY",
                "VeryTasty",
                "veryTasty",
                "very_tasty",
                "VERY_TASTY",
                "very-tasty",
                "VERY-TASTY"
            ]
        );
        assert_eq!(
            all(|case| case.field("z42")),
            ["z42", "Z42", "Z42", "z42", "z42", "Z42", "z42", "Z42"]
        );
        assert_eq!(Case::Camel.field("_private_part"), "privatePart");
    }

    #[test]
    fn a_variant_is_rewritten_as_serde_does() {
        assert_eq!(
            all(|case| case.variant("VeryTasty")),
            [
                "verytasty",
                "VERYTASTY",
                "VeryTasty",
                "veryTasty",
                "very_tasty",
                "VERY_TASTY",
                "very-tasty",
                "VERY-TASTY"
            ]
        );
        assert_eq!(Case::Snake.variant("HTTPError"), "h_t_t_p_error");
    }

    #[test]
    fn an_unknown_case_has_no_name() {
        assert_eq!(Case::named("Snake_Case"), None);
    }
}
