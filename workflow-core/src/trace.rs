//! A listener that writes what happens for a person at a terminal.
//!
//! This file has what is known between events. Which line an event makes is in `trace/page.rs`, how a line looks in
//! `trace/line.rs`, how data are cut to fit in `trace/shorten.rs`.

mod line;
mod page;
mod shorten;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::ErrorOutput;
use crate::event::Event;
use crate::listener::Listener;
use crate::visits::Visits;
use line::Columns;
use page::Page;

/// Writes an execution for a person at a terminal: a line for each state, with how long it took, how many attempts it
/// needed, what went in and what came out.
///
/// The lines of a branch or an item begin with its number. An execution that is the task of another is set into it. What
/// cannot be written is lost: an execution does not fail because of its trace. A trace tells executions apart that run at
/// the same time, but their lines mix: to read them one after the other, give each of them a trace of its own.
///
/// # Example
///
/// ```
/// use workflow_core::{InProcess, Trace, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let trace = Trace::new(Vec::new());
/// InProcess::new(()).name("first").listener(&trace).run::<Greeting>("Ada".to_owned()).await?;
///
/// let lines = String::from_utf8(trace.into_inner()).unwrap();
/// assert!(lines.starts_with("Greeting  execution first\n  ● Greet  Pass"), "{lines}");
/// assert!(lines.contains(r#""Ada" → "Hello, Ada!""#), "{lines}");
/// # Ok(())
/// # }
/// ```
pub struct Trace<W> {
    colour: bool,
    width: usize,
    progress: Mutex<Progress<W>>,
}

/// What is known between events.
struct Progress<W> {
    writer: W,
    executions: Vec<Running>,
    visits: Visits<Known>,
}

/// An execution that has not ended.
struct Running {
    id: String,
    since: Instant,
    columns: Columns,
    /// What its lines begin with; one that stands on its own is indented by two columns.
    guides: String,
    /// What the lines of the state that called it begin with.
    around: Option<String>,
}

/// What is known of an open visit.
struct Known {
    since: Instant,
    input: String,
    /// When its last attempt began, and how many there were.
    attempt: Instant,
    attempts: u32,
    /// The error of its last attempt, until a retrier or a catcher takes it.
    error: Option<ErrorOutput>,
    /// How long a Choice state took that was left: its line waits for where it goes.
    chosen: Option<Duration>,
}

impl Known {
    fn new(input: String) -> Self {
        let now = Instant::now();
        Self { since: now, input, attempt: now, attempts: 1, error: None, chosen: None }
    }

    fn call(&mut self, attempts: u32) {
        (self.attempt, self.attempts) = (Instant::now(), attempts);
    }
}

impl<W: Write + Send> Trace<W> {
    /// Makes a trace without colours, 120 columns wide.
    #[must_use]
    pub const fn new(writer: W) -> Self {
        let progress = Progress { writer, executions: Vec::new(), visits: Visits::new() };
        Self { colour: false, width: 120, progress: Mutex::new(progress) }
    }

    /// Has lines coloured, with ANSI escape sequences, or not.
    ///
    /// # Example
    ///
    /// ```
    /// use std::io::IsTerminal;
    /// use workflow_core::Trace;
    ///
    /// let trace = Trace::new(std::io::stderr()).colour(std::io::stderr().is_terminal());
    /// # let _ = trace;
    /// ```
    #[must_use]
    pub fn colour(self, colour: bool) -> Self {
        Self { colour, ..self }
    }

    /// Has data cut where a line would be wider than this. Where that leaves few columns for data, the functions that
    /// Task states call are left out. Names are never cut, and data always have 24 columns.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::Trace;
    ///
    /// let trace = Trace::new(std::io::stderr()).width(200);
    /// # let _ = trace;
    /// ```
    #[must_use]
    pub fn width(self, columns: usize) -> Self {
        Self { width: columns, ..self }
    }

    /// Returns the writer.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::Trace;
    ///
    /// assert!(Trace::new(Vec::new()).into_inner().is_empty());
    /// ```
    #[must_use]
    pub fn into_inner(self) -> W {
        self.progress.into_inner().unwrap_or_else(PoisonError::into_inner).writer
    }
}

impl<W> fmt::Debug for Trace<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("colour", &self.colour)
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

impl<W: Write + Send> Listener for Trace<W> {
    fn on(&self, event: &Event<'_>) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let mut page = Page { progress: &mut progress, colour: self.colour, width: self.width };
        page.on(event);
    }
}
