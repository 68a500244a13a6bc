//! One line of a trace: its columns and colours.

use std::time::Duration;

use super::shorten;
use crate::definition::{Kind, State, StateMachine};
use crate::duration::readable;
use crate::graph::called;

/// How wide the columns of a workflow's lines are: wide enough for all its states, so that lines stay aligned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    name: usize,
    activity: usize,
    attempts: usize,
    /// Whether lines name the functions that Task states call.
    functions: bool,
}

const WIDEST_NAME: usize = 44;
const WIDEST_ACTIVITY: usize = 36;
const ELAPSED: usize = 8;
/// What data have room for, even where the columns before them leave less.
const LEAST_DATA: usize = 24;
/// Data with less room than this take it from the names of the functions.
const WANTED_DATA: usize = 32;

impl Columns {
    /// Makes the columns of lines that should be no wider than this.
    pub(super) fn new(machine: &StateMachine, width: usize) -> Self {
        let columns = Self::wide(machine, true);
        if columns.before_data() + WANTED_DATA <= width {
            columns
        } else {
            Self::wide(machine, false)
        }
    }

    fn wide(machine: &StateMachine, functions: bool) -> Self {
        let mut columns = Self { name: 0, activity: 0, attempts: 0, functions };
        columns.widen(machine, 0);
        Self {
            name: columns.name.min(WIDEST_NAME),
            activity: columns.activity.min(WIDEST_ACTIVITY),
            ..columns
        }
    }

    /// How wide a line is before its data: an indent and a mark, the columns, and the blanks between them.
    const fn before_data(&self) -> usize {
        2 + 2 + self.name + 2 + self.activity + 2 + ELAPSED + self.attempts + 2
    }

    /// The kind of a state, and what it calls where there is room for that.
    fn activity(&self, state: &State) -> String {
        match &state.kind {
            Kind::Task(task) if self.functions => format!("Task {}", called(task)),
            kind => kind.name().to_owned(),
        }
    }

    fn widen(&mut self, machine: &StateMachine, indent: usize) {
        for state in machine.states {
            self.name = self.name.max(indent + shorten::length(state.name));
            self.activity = self.activity.max(shorten::length(&self.activity(state)));
            if !state.retry().is_empty() {
                self.attempts = 4;
            }
            for branch in branches(state) {
                self.widen(branch, indent + shorten::length(&guide(state, 0)));
            }
        }
    }
}

fn branches(state: &State) -> &[StateMachine] {
    match &state.kind {
        Kind::Parallel(parallel) => parallel.branches,
        Kind::Map(map) => std::slice::from_ref(&map.item_processor),
        _ => &[],
    }
}

/// The guide before the lines of a branch or an item.
pub(super) fn guide(state: &State, index: usize) -> String {
    match &state.kind {
        Kind::Parallel(parallel) => {
            let width = parallel.branches.len().to_string().len();
            format!("│ {:width$} ", index + 1)
        }
        _ => format!("│ [{index}] "),
    }
}

/// A colour or a weight, as the terminal's own theme shows it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Ink {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Red => "31",
            Self::Green => "32",
            Self::Yellow => "33",
            Self::Cyan => "36",
        }
    }
}

/// A line that is written from left to right, and knows how wide it is.
#[derive(Debug)]
pub(super) struct Line {
    text: String,
    width: usize,
    /// By how much its name and activity are wider than their columns; the blanks before the duration give it back.
    over: usize,
    colour: bool,
}

impl Line {
    pub(super) const fn new(colour: bool) -> Self {
        Self { text: String::new(), width: 0, over: 0, colour }
    }

    pub(super) fn put(mut self, ink: Ink, text: &str) -> Self {
        self.width += shorten::length(text);
        let code = ink.code();
        if self.colour && !code.is_empty() && !text.is_empty() {
            self.text.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m"));
        } else {
            self.text.push_str(text);
        }
        self
    }

    fn fill(self, to: usize) -> Self {
        let blanks = to.saturating_sub(self.width);
        self.put(Ink::Plain, &" ".repeat(blanks))
    }

    /// Puts the columns that the line of every state begins with.
    pub(super) fn state(
        self,
        mark: (Ink, &str),
        state: &State,
        columns: Columns,
        indent: usize,
    ) -> Self {
        let name = indent + 2 + columns.name;
        let line = self
            .put(mark.0, mark.1)
            .put(Ink::Plain, " ")
            .put(Ink::Bold, state.name)
            .fill(name)
            .put(Ink::Plain, "  ")
            .put(Ink::Cyan, &columns.activity(state))
            .fill(name + 2 + columns.activity);
        Self { over: line.width.saturating_sub(name + 2 + columns.activity), ..line }
    }

    pub(super) fn elapsed(
        self,
        elapsed: Option<Duration>,
        attempts: u32,
        columns: Columns,
    ) -> Self {
        let elapsed = elapsed.map(readable).unwrap_or_default();
        let right = ELAPSED.saturating_sub(shorten::length(&elapsed));
        let blanks = (right + 2).saturating_sub(self.over).max(2);
        let attempts = if attempts > 1 { format!(" ×{attempts}") } else { String::new() };
        let end = (self.width + 2 + ELAPSED + columns.attempts).saturating_sub(self.over);
        self.put(Ink::Plain, &" ".repeat(blanks))
            .put(Ink::Dim, &elapsed)
            .put(Ink::Yellow, &attempts)
            .fill(end)
            .put(Ink::Plain, "  ")
    }

    /// How much room the line has for data.
    pub(super) fn room(&self, width: usize) -> usize {
        width.saturating_sub(self.width).max(LEAST_DATA)
    }

    pub(super) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}
