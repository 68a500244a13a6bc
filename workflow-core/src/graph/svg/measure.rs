//! How wide text is, at the most: the reader's fonts are not known, so widths are those of wide fonts.

/// The name of the workflow.
pub(super) const TITLE: Font = Font { size: 18.0, monospace: false };
/// The name of a state.
pub(super) const NAME: Font = Font { size: 14.0, monospace: false };
/// What a state is about.
pub(super) const ABOUT: Font = Font { size: 11.0, monospace: true };
/// The name of a frame.
pub(super) const FRAME: Font = Font { size: 11.0, monospace: false };
/// The label of an arrow.
pub(super) const LABEL: Font = Font { size: 11.0, monospace: true };

/// A font of the picture.
#[derive(Clone, Copy)]
pub(super) struct Font {
    size: f64,
    monospace: bool,
}

impl Font {
    pub(super) fn width(self, text: &str) -> f64 {
        text.chars().map(|character| self.advance(character)).sum()
    }

    /// The text, or as much of its beginning as fits, followed by `…`.
    pub(super) fn fitted(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut left = width - self.advance('…');
        let fits = |character: &char| {
            left -= self.advance(*character);
            left >= 0.0
        };
        let fitting: String = text.chars().take_while(fits).collect();
        format!("{}…", fitting.trim_end())
    }

    fn advance(self, character: char) -> f64 {
        let ems = match character {
            // Chinese, Japanese and Korean scripts, and most emoji, stand in a square.
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}' | '\u{1f000}'.. => 1.05,
            _ if self.monospace => 0.62,
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.38,
            'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' => 0.49,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 1.05,
            'A'..='Z' | '&' | '#' => 0.82,
            _ => 0.69,
        };
        ems * self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_does_not_fit_ends_in_an_ellipsis_and_then_fits() {
        let name = "CheckFurtherDiscountEligibilityOfTheCustomer";
        let fitted = NAME.fitted(name, 150.0);
        assert!(
            fitted.ends_with('…') && name.starts_with(fitted.trim_end_matches('…')),
            "{fitted}"
        );
        assert!(NAME.width(&fitted) <= 150.0);
        assert_eq!(NAME.fitted("Charge", 150.0), "Charge");
    }
}
