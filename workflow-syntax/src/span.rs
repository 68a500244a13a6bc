//! Where something stands in its source.

/// A token of the user, and a line and a column where that token names the file that the source is in.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    tokens: proc_macro2::Span,
    place: Option<Place>,
}

/// A line and a column of a file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Span {
    /// A place in the file that a token names.
    pub const fn in_file(tokens: proc_macro2::Span, place: Place) -> Self {
        Self { tokens, place: Some(place) }
    }

    /// The token where the compiler shows an error.
    pub const fn tokens(self) -> proc_macro2::Span {
        self.tokens
    }

    /// The place in the file, for what is in one.
    pub const fn place(self) -> Option<Place> {
        self.place
    }

    /// A span that points nowhere.
    pub fn call_site() -> Self {
        proc_macro2::Span::call_site().into()
    }
}

impl From<proc_macro2::Span> for Span {
    fn from(tokens: proc_macro2::Span) -> Self {
        Self { tokens, place: None }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
