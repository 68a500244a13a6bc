//! Standard output and standard error as a person sees them: whether they take colours, and how wide they are.

use std::env;
use std::io::{self, IsTerminal, Write};

use terminal_size::{Width, terminal_size_of};
use workflow_core::Trace;

/// Makes a trace for standard error: as wide as the terminal, and with colours where it takes them.
///
/// # Example
///
/// ```
/// let trace = workflow_cli::terminal::trace(std::io::stderr());
/// # let _ = trace;
/// ```
#[must_use]
pub fn trace<W: Write + Send>(writer: W) -> Trace<W> {
    let trace = Trace::new(writer).colour(takes_colours());
    match terminal_size_of(io::stderr()) {
        Some((Width(columns), _)) => trace.width(columns.into()),
        None => trace,
    }
}

/// Returns whether standard error is a terminal, and the user has not asked for no colours: <https://no-color.org>.
#[must_use]
pub fn takes_colours() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// How wide lines on standard output may be.
pub(crate) fn width() -> usize {
    const WITHOUT_A_TERMINAL: usize = 120;
    terminal_size_of(io::stdout()).map_or(WITHOUT_A_TERMINAL, |(Width(columns), _)| columns.into())
}

/// Tells the user something beside the result.
pub(crate) fn note(text: &str) {
    // What cannot be told is lost: the command does its work.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Text without what a terminal would obey.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |character: char| {
        if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }
    };
    text.chars().map(shown).collect()
}
