//! Which line of a trace an event makes.

use std::io::Write;
use std::time::Duration;

use tokio::time::Instant;

use super::line::{Columns, Ink, Line, guide};
use super::shorten;
use super::{Known, Progress, Running};
use crate::definition::{Kind, State};
use crate::duration::readable;
use crate::error::ErrorOutput;
use crate::event::{Event, Parent, Payload, Scope};
use crate::execution::Execution;
use crate::visits::Visit;

/// What is known, on the page that it is written to.
pub(super) struct Page<'a, W> {
    pub(super) progress: &'a mut Progress<W>,
    pub(super) colour: bool,
    pub(super) width: usize,
}

impl<W: Write> Page<'_, W> {
    pub(super) fn on(&mut self, event: &Event<'_>) {
        match *event {
            Event::ExecutionStarted { execution, parent, .. } => self.started(execution, parent),
            Event::StateEntered { execution, scope, state, input } => {
                self.entered(execution, scope, state, input)
            }
            Event::TaskScheduled { execution, scope, state, visit, .. } => {
                self.change(execution, scope, state, |known| known.call(visit.retry_count() + 1));
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
        } else if visit.known.input == output && !matches!(state.kind, Kind::Task(_)) {
            // It has made nothing of what went in.
            line.put(Ink::Plain, &shorten::json(&output, room))
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
    let (input, output) = shorten::pair(input, output, room);
    line.put(Ink::Dim, &input).put(Ink::Dim, " → ").put(Ink::Plain, &output)
}

/// An error is never cut: it is what the trace is read for.
fn failure(line: Line, error: &ErrorOutput, then: &str) -> Line {
    line.put(Ink::Red, &shorten::one_line(&error.to_string())).put(Ink::Plain, then)
}
