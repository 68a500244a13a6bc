//! Standard error as a person sees it: whether it takes colours, and how wide it is.

use std::env;
use std::io::{self, IsTerminal, Stderr, Write};

use terminal_size::{Width, terminal_size_of};
use workflow_core::Trace;

/// Begins the trace of an execution, with a blank line after the ones before it.
pub(crate) fn trace(executions_before: usize) -> Trace<Stderr> {
    if executions_before > 0 {
        // A trace that cannot be written is lost, and so is its blank line.
        let _ = writeln!(io::stderr());
    }
    let trace = Trace::new(io::stderr()).colour(takes_colours());
    match terminal_size_of(io::stderr()) {
        Some((Width(columns), _)) => trace.width(columns.into()),
        None => trace,
    }
}

/// Returns whether standard error is a terminal, and the user has not asked for no colours: <https://no-color.org>.
pub(crate) fn takes_colours() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
