//! The errors of a phase, each at its token, with what is right as notes and help.

use std::fmt::Display;

use proc_macro2::TokenStream;

use crate::parse::Notation;
use crate::span::Span;
use quote::quote_spanned;

/// The errors found so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// The file that the definition is in, where it is in one.
    file: Option<String>,
}

/// One error.
#[derive(Debug)]
pub struct Diagnostic {
    span: Span,
    message: String,
}

impl Diagnostics {
    /// Adds an error at a token.
    pub fn error(&mut self, span: impl Into<Span>, message: impl Display) -> &mut Diagnostic {
        self.found.push(Diagnostic { span: span.into(), message: message.to_string() });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Adds the errors of a parser.
    pub fn parse_error(&mut self, error: syn::Error) {
        for error in error {
            self.error(error.span(), error);
        }
    }

    /// Says that the definition is in a file: errors name it with their place in it.
    pub fn in_file(&mut self, file: &str) {
        self.file = Some(file.to_owned());
    }

    /// The errors as text, each with its place in the file where it has one.
    pub fn messages(&self) -> impl Iterator<Item = String> + '_ {
        self.found.iter().map(|diagnostic| self.message(diagnostic))
    }

    fn message(&self, diagnostic: &Diagnostic) -> String {
        let Diagnostic { span, message } = diagnostic;
        match (&self.file, span.place()) {
            (Some(file), Some(place)) => format!("{file}:{place}: {message}"),
            _ => message.clone(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// The errors as tokens that make the compiler print them.
    pub fn to_tokens(&self) -> TokenStream {
        self.found
            .iter()
            .map(|diagnostic| {
                let message = self.message(diagnostic);
                quote_spanned!(diagnostic.span.tokens()=> ::core::compile_error! { #message })
            })
            .collect()
    }
}

impl Diagnostic {
    /// Adds why it is wrong.
    pub fn note(&mut self, note: impl Display) -> &mut Self {
        self.message.push_str(&format!("\nnote: {note}"));
        self
    }

    /// Adds the code under which AWS rejects it.
    pub fn code(&mut self, code: &str) -> &mut Self {
        self.note(format_args!("AWS rejects it as {code}"))
    }

    /// Adds the code under which AWS rejects it, where it is written in ASL.
    pub fn code_in(&mut self, notation: Notation, code: &str) -> &mut Self {
        if notation == Notation::Asl { self.code(code) } else { self }
    }

    /// Adds one thing to do.
    pub fn help(&mut self, help: impl Display) -> &mut Self {
        self.message.push_str(&format!("\nhelp: {help}"));
        self
    }

    /// Adds the nearest of some names, unless all are far.
    pub fn suggest<'a>(
        &mut self,
        what: &str,
        name: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> &mut Self {
        match nearest(name, names) {
            Some(near) => self.help(format_args!("{what} with a similar name exists: `{near}`")),
            None => self,
        }
    }
}

/// The nearest of some names, unless all are far. A name that is the beginning of another is nearest to that one.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = |name: &str| name.to_lowercase().replace(['_', ' '], "");
    let wanted = folded(name);
    let length = wanted.chars().count();
    let distance = |candidate: &str| {
        let candidate = folded(candidate);
        let distance = strsim::damerau_levenshtein(&wanted, &candidate);
        if length > 2 && candidate.starts_with(&wanted) { distance.min(1) } else { distance }
    };
    names
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        // Names that share no letter are not near, however short.
        .filter(|(distance, _)| *distance <= 1 + length / 3 && *distance < length.max(1))
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

/// Whether a name is another one but for one letter at most, and the cases of letters.
pub fn is_misspelt(name: &str, other: &str) -> bool {
    strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase()) <= 1
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_ignores_case_and_underscores_and_is_not_far() {
        assert_eq!(nearest("Shp", ["Charge", "Ship"]), Some("Ship"));
        assert_eq!(nearest("order_print", ["OrderPrint"]), Some("OrderPrint"));
        assert_eq!(nearest("Refund", ["Charge", "Ship"]), None);
        assert_eq!(nearest("Z", ["A", "B"]), None);
        assert_eq!(nearest("Start", ["Input", "StartTime"]), Some("StartTime"));
        assert_eq!(nearest("ship", ["ShipAll", "Ship"]), Some("Ship"));
    }
}
