//! A row of the index: what it knows of one execution.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::description::{ListItem, Status};
use crate::entry::{Entry, Event, decode, timestamp};
use crate::known::id;
use crate::store::{Position, StoreError};

/// What is known of an execution that is not in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The names of its workflow and of itself, with a colon between.
    pub(crate) id: Arc<str>,
    /// In milliseconds since 1970.
    pub(crate) started: i64,
    pub(crate) standing: Standing,
    /// When it ended.
    pub(crate) stopped: Option<i64>,
    /// Where its records are, each as the distance from the one before.
    records: Vec<u64>,
    /// Where the last one is.
    last: u64,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Standing {
    /// It ran when this was written, or could not: it is looked at when the store is opened.
    Running,
    /// It waits in the store, and is woken at a time, or when somebody comes for it.
    Parked {
        until: Option<i64>,
    },
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

impl Standing {
    pub(crate) const fn status(self) -> Status {
        match self {
            Self::Running | Self::Parked { .. } => Status::Running,
            Self::Succeeded => Status::Succeeded,
            Self::Failed => Status::Failed,
            Self::TimedOut => Status::TimedOut,
            Self::Aborted => Status::Aborted,
        }
    }

    pub(crate) const fn ended(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::TimedOut => Self::TimedOut,
            Status::Aborted => Self::Aborted,
        }
    }
}

/// What a status is in the index.
pub(super) const fn code(status: Status) -> u8 {
    match status {
        Status::Running => 0,
        Status::Succeeded => 1,
        Status::Failed => 2,
        Status::TimedOut => 3,
        Status::Aborted => 4,
    }
}

impl Row {
    pub(crate) const fn new(id: Arc<str>, started: i64) -> Self {
        Self {
            id,
            started,
            standing: Standing::Running,
            stopped: None,
            records: Vec::new(),
            last: 0,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        /// About what a row has.
        const ROW: usize = 96;
        let written = postcard::to_extend(self, Vec::with_capacity(ROW));
        written.expect("a row holds nothing that cannot be written")
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let read = postcard::from_bytes(bytes);
        read.map_err(|error| StoreError::damaged(format!("the index cannot be read: {error}")))
    }

    pub(crate) fn workflow(&self) -> &str {
        self.names().0
    }

    pub(crate) fn name(&self) -> &str {
        self.names().1
    }

    fn names(&self) -> (&str, &str) {
        // The name of an execution has no colon.
        self.id.rsplit_once(':').unwrap_or_default()
    }

    /// Where its records are.
    pub(crate) fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        let mut before = 0;
        self.records.iter().map(move |distance| {
            before += distance;
            Position(before)
        })
    }

    /// Where its first record is.
    pub(crate) fn first(&self) -> Position {
        Position(self.records.first().copied().unwrap_or_default())
    }

    /// Whether a record is not among those that are known.
    fn is_after(&self, position: Position) -> bool {
        self.records.is_empty() || position.0 > self.last
    }

    /// Adds the positions of records, but for those that are known.
    pub(crate) fn add(&mut self, positions: &[Position]) {
        self.records.reserve(positions.len());
        for position in positions {
            if self.is_after(*position) {
                self.records.push(position.0 - self.last);
                self.last = position.0;
            }
        }
    }

    /// The row of an execution all of which is in one record.
    pub(crate) fn moved(mut self, position: Position) -> Self {
        self.forget_records();
        self.add(&[position]);
        self
    }

    fn forget_records(&mut self) {
        self.records.clear();
        self.last = 0;
    }

    /// The row of the execution as it stands now.
    pub(crate) fn standing(self, standing: Standing, stopped: Option<i64>) -> Self {
        Self { standing, stopped, ..self }
    }

    /// Follows a record of the log: the row of an execution, which the first record begins.
    ///
    /// # Errors
    ///
    /// When the record cannot be read, or cannot come after those before it.
    pub(crate) fn follow(
        row: &mut Option<Self>,
        position: Position,
        bytes: &[u8],
        is_shortened: bool,
    ) -> Result<(), StoreError> {
        if row.as_ref().is_some_and(|row| !row.is_after(position)) {
            return Ok(());
        }
        for entry in decode(bytes)? {
            match (&mut *row, &entry.event) {
                (None, Event::ExecutionStarted { workflow, name, .. }) => {
                    *row = Some(Self::new(id(workflow, name), entry.time));
                }
                // All of it is written anew there.
                (Some(row), Event::ExecutionStarted { .. }) => row.forget_records(),
                (Some(row), _) => row.apply(&entry),
                // It was forgotten, and its beginning with it.
                (None, _) if is_shortened => return Ok(()),
                (None, _) => {
                    let what = "the journal of an execution has no beginning";
                    return Err(StoreError::damaged(what));
                }
            }
        }
        row.iter_mut().for_each(|row| row.add(&[position]));
        Ok(())
    }

    fn apply(&mut self, entry: &Entry) {
        let status = match entry.event {
            Event::ExecutionSucceeded { .. } => Status::Succeeded,
            Event::ExecutionFailed(_) => Status::Failed,
            Event::ExecutionTimedOut(_) => Status::TimedOut,
            Event::ExecutionAborted(_) => Status::Aborted,
            _ => Status::Running,
        };
        self.standing = Standing::ended(status);
        self.stopped = (status != Status::Running).then_some(entry.time);
    }

    pub(crate) fn listed(&self) -> ListItem {
        ListItem {
            id: self.id.to_string(),
            workflow: self.workflow().to_owned(),
            name: self.name().to_owned(),
            status: self.standing.status(),
            started: timestamp(self.started),
            stopped: self.stopped.map(timestamp),
        }
    }
}
