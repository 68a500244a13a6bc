//! A listener that writes what happens for a person at a terminal.
//!
//! This file says which line an event makes. How a line looks is in `trace/line.rs`, how data are cut to fit in
//! `trace/shorten.rs`.

mod line;
mod shorten;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::definition::{Kind, State};
use crate::duration::readable;
use crate::error::ErrorOutput;
use crate::execution::Execution;
use crate::listener::{Event, Listener, Parent, Payload, Scope};
use crate::visits::{Visit, Visits};
use line::{Columns, Ink, Line, guide};

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

/// What is known, on the page that it is written to.
struct Page<'a, W> {
    progress: &'a mut Progress<W>,
    colour: bool,
    width: usize,
}

impl<W: Write> Page<'_, W> {
    fn on(&mut self, event: &Event<'_>) {
        match *event {
            Event::ExecutionStarted { execution, parent, .. } => self.started(execution, parent),
            Event::StateEntered { execution, scope, state, input } => {
                self.entered(execution, scope, state, input)
            }
            Event::TaskScheduled { execution, scope, state, visit, .. } => {
                self.change(execution, scope, state, |known| known.call(visit.retry_count + 1));
            }
            Event::TaskSubmitted { execution, scope, state, .. } => {
                self.submitted(execution, scope, state);
            }
            // A line of a state says what these would say.
            Event::TaskSucceeded { .. }
            | Event::BranchesStarted { .. }
            | Event::BranchStarted { .. }
            | Event::BranchSucceeded { .. }
            | Event::BranchFailed { .. }
            | Event::BranchesSucceeded { .. }
            | Event::BranchesFailed { .. }
            | Event::VariablesAssigned { .. } => {}
            Event::TaskFailed { execution, scope, state, error, .. } => {
                self.abandon_inside(execution, scope, state, error);
                self.change(execution, scope, state, |known| known.error = Some(error.clone()));
            }
            Event::RetryScheduled { execution, scope, state, error, delay, .. } => {
                self.retried(execution, scope, state, error, delay)
            }
            Event::ErrorCaught { execution, scope, state, error, next } => {
                self.caught(execution, scope, state, error, next)
            }
            Event::StateExited { execution, scope, state, output } => {
                self.exited(execution, scope, state, output)
            }
            Event::ExecutionSucceeded { execution, output } => {
                self.ended(execution, None, (Ink::Green, "✓ succeeded", "in"), |line, width| {
                    let room = line.room(width);
                    line.put(Ink::Plain, &shorten::json(&output.to_json().to_string(), room))
                });
            }
            Event::ExecutionFailed { execution, error } => {
                self.ended(execution, Some(error), (Ink::Red, "✗ failed", "in"), |line, _| {
                    failure(line, error, "")
                });
            }
            Event::ExecutionSuspended { execution } => {
                self.ended(execution, None, (Ink::Yellow, "◷ suspended", "after"), |line, _| {
                    line
                });
            }
            Event::ExecutionAborted { execution } => {
                self.ended(execution, None, (Ink::Red, "✗ aborted", "after"), |line, _| line);
            }
        }
    }

    fn write(&mut self, line: Line) {
        // An execution does not fail because of its trace.
        let _ = self.progress.writer.write_all(line.finish().as_bytes());
    }

    fn change(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
        change: impl FnOnce(&mut Known),
    ) {
        if let Some(visit) = self.progress.visits.get_mut(execution, scope, state) {
            change(&mut visit.known);
        }
    }

    fn started(&mut self, execution: &Execution, parent: Option<Parent<'_>>) {
        let definition = execution.definition();
        let around = parent.and_then(|parent| self.around(parent));
        let line = self
            .corner(around.as_deref(), "┌ ")
            .put(Ink::Bold, definition.name)
            .put(Ink::Dim, &format!("  execution {}", shorten::one_line(execution.name())));
        self.write(line);
        self.progress.executions.push(Running {
            id: execution.id().to_owned(),
            since: Instant::now(),
            columns: Columns::new(&definition.machine, self.width),
            guides: around.as_ref().map_or_else(|| "  ".to_owned(), |around| format!("{around}│ ")),
            around,
        });
    }

    /// What the lines of a state that calls an execution begin with.
    fn around(&self, parent: Parent<'_>) -> Option<String> {
        let Parent { execution, scope, state } = parent;
        let caller = self.progress.visits.get(execution, scope, state)?;
        Some(self.guides(caller)?.0)
    }

    /// Begins the first or the last line of an execution: with a corner, where it is set into another.
    fn corner(&self, around: Option<&str>, mark: &str) -> Line {
        let line = Line::new(self.colour);
        match around {
            Some(around) => line.put(Ink::Dim, &format!("{around}{mark}")),
            None => line,
        }
    }

    fn entered(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        input: Payload<'_>,
    ) {
        if let Some(choice) =
            self.progress.visits.leave_where(execution, scope, |known| known.chosen.is_some())
        {
            self.chosen(&choice, Some(state));
        }
        self.progress.visits.enter(
            execution,
            scope,
            state,
            Known::new(input.to_json().to_string()),
        );
        if holds_branches(state) {
            self.opened(execution, scope, state);
        }
    }

    fn opened(&mut self, execution: &Execution, scope: Scope<'_>, state: &State) {
        let Some(visit) = self.progress.visits.get(execution, scope, state) else { return };
        let Some(line) = self.line(visit, (Ink::Dim, "┌"), None) else { return };
        let input = shorten::json(&visit.known.input, line.room(self.width));
        self.write(line.put(Ink::Dim, &input));
    }

    fn exited(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        output: Payload<'_>,
    ) {
        if matches!(state.kind, Kind::Choice(_)) {
            return self.change(execution, scope, state, |known| {
                known.chosen = Some(known.since.elapsed());
            });
        }
        let Some(visit) = self.progress.visits.leave(execution, scope, state) else { return };
        let mark = if holds_branches(state) { "└" } else { "●" };
        let Some(line) = self.line(&visit, (Ink::Green, mark), Some(visit.known.since.elapsed()))
        else {
            return;
        };
        let output = output.to_json().to_string();
        let room = line.room(self.width);
        let line = if holds_branches(state) {
            line.put(Ink::Dim, "→ ")
                .put(Ink::Plain, &shorten::json(&output, room.saturating_sub(2)))
        } else {
            through(line, &visit.known.input, &output, room)
        };
        self.write(line);
    }

    fn chosen(&mut self, choice: &Visit<Known>, next: Option<&State>) {
        let Some(line) = self.line(choice, (Ink::Green, "●"), choice.known.chosen) else {
            return;
        };
        let target = next.map(|next| format!("→ {}", next.name)).unwrap_or_default();
        self.write(line.put(Ink::Plain, &target));
    }

    /// Writes that a state waits for somebody.
    fn submitted(&mut self, execution: &Execution, scope: Scope<'_>, state: &'static State) {
        let Some(visit) = self.progress.visits.get(execution, scope, state) else { return };
        let Some(line) = self.line(visit, (Ink::Yellow, "◷"), Some(visit.known.attempt.elapsed()))
        else {
            return;
        };
        self.write(line.put(Ink::Dim, "waits for its task token"));
    }

    fn retried(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        error: &ErrorOutput,
        delay: Duration,
    ) {
        self.abandon_inside(execution, scope, state, error);
        self.change(execution, scope, state, |known| known.error = None);
        let Some(visit) = self.progress.visits.get(execution, scope, state) else { return };
        let Some(line) = self.line(visit, (Ink::Yellow, "↻"), Some(visit.known.attempt.elapsed()))
        else {
            return;
        };
        self.write(failure(line, error, &format!(" · again in {}", readable(delay))));
    }

    fn caught(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        error: &ErrorOutput,
        next: &'static State,
    ) {
        self.abandon_inside(execution, scope, state, error);
        let Some(visit) = self.progress.visits.leave(execution, scope, state) else { return };
        let Some(line) = self.line(&visit, (Ink::Red, "✗"), Some(visit.known.since.elapsed()))
        else {
            return;
        };
        self.write(failure(line, error, &format!(" → {}", next.name)));
    }

    /// Writes that the visits in the branches of a state ended, because one of them failed.
    fn abandon_inside(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
        error: &ErrorOutput,
    ) {
        let visits = self.progress.visits.leave_inside(execution, scope, state);
        self.abandon(visits, Some(error));
    }

    /// Writes that visits ended without an output, the innermost first: by their own error, by the error of a state inside,
    /// or because they were cancelled.
    fn abandon(&mut self, mut visits: Vec<Visit<Known>>, error: Option<&ErrorOutput>) {
        let failed = |visit: &Visit<Known>| {
            visit.known.error.is_some()
                || error.is_some_and(|error| error.state == Some(visit.state.name))
        };
        let outcome = |visit: &Visit<Known>, all: &[Visit<Known>]| {
            let around = |inner: &Visit<Known>| {
                inner.is_inside(&visit.branches, visit.state) && failed(inner)
            };
            failed(visit) || all.iter().any(around)
        };
        let failures: Vec<bool> = visits.iter().map(|visit| outcome(visit, &visits)).collect();
        let mut order: Vec<(Visit<Known>, bool)> = visits.drain(..).zip(failures).collect();
        order.sort_by_key(|(visit, failed)| (std::cmp::Reverse(visit.branches.len()), !failed));
        for (visit, has_failed) in order {
            self.abandoned(&visit, has_failed, failed(&visit).then_some(error).flatten());
        }
    }

    fn abandoned(&mut self, visit: &Visit<Known>, failed: bool, error: Option<&ErrorOutput>) {
        if visit.known.chosen.is_some() {
            return self.chosen(visit, None);
        }
        let mark = if failed { (Ink::Red, "✗") } else { (Ink::Dim, "◌") };
        let Some(line) = self.line(visit, mark, Some(visit.known.since.elapsed())) else { return };
        let line = match visit.known.error.as_ref().or(error) {
            Some(error) => failure(line, error, ""),
            None if failed => line,
            None => line.put(Ink::Dim, "cancelled"),
        };
        self.write(line);
    }

    /// Forgets an execution, and writes how it ended.
    fn ended(
        &mut self,
        execution: &Execution,
        error: Option<&ErrorOutput>,
        (ink, how, preposition): (Ink, &str, &str),
        rest: impl FnOnce(Line, usize) -> Line,
    ) {
        let visits = self.progress.visits.leave_execution(execution);
        self.abandon(visits, error);
        let executions = &mut self.progress.executions;
        let Some(position) = executions.iter().rposition(|running| running.id == execution.id())
        else {
            return;
        };
        let running = executions.remove(position);
        let line = self
            .corner(running.around.as_deref(), "└ ")
            .put(ink, how)
            .put(Ink::Dim, &format!(" {preposition} {}  ", readable(running.since.elapsed())));
        self.write(rest(line, self.width));
        let _ = self.progress.writer.flush();
    }

    /// Begins the line of a visit.
    fn line(
        &self,
        visit: &Visit<Known>,
        mark: (Ink, &str),
        elapsed: Option<Duration>,
    ) -> Option<Line> {
        let (guides, running) = self.guides(visit)?;
        let line = Line::new(self.colour).put(Ink::Dim, &guides);
        let line = line.state(mark, visit.state, running.columns, shorten::length(&running.guides));
        Some(line.elapsed(elapsed, visit.known.attempts, running.columns))
    }

    /// What the lines of a visit begin with.
    fn guides(&self, visit: &Visit<Known>) -> Option<(String, &Running)> {
        let running =
            self.progress.executions.iter().rev().find(|running| running.id == visit.execution)?;
        let branches = visit.branches.iter().map(|(state, index)| guide(state, *index));
        Some((running.guides.clone() + &branches.collect::<String>(), running))
    }
}

const fn holds_branches(state: &State) -> bool {
    matches!(state.kind, Kind::Parallel(_) | Kind::Map(_))
}

fn through(line: Line, input: &str, output: &str, room: usize) -> Line {
    match shorten::pair(input, output, room) {
        (same, None) => line.put(Ink::Plain, &same),
        (input, Some(output)) => {
            line.put(Ink::Dim, &input).put(Ink::Dim, " → ").put(Ink::Plain, &output)
        }
    }
}

/// An error is never cut: it is what the trace is read for.
fn failure(line: Line, error: &ErrorOutput, then: &str) -> Line {
    line.put(Ink::Red, &shorten::one_line(&error.to_string())).put(Ink::Plain, then)
}
