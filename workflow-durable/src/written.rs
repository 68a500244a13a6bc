//! Where the records of executions are that are in memory, as the journal writes them, and where the log ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::{ENGINE, Position, Record};

/// More records than most executions have while they are in memory.
const FEW: usize = 8;

/// Where records are.
#[derive(Default)]
pub(crate) struct Written(Mutex<Positions>);

#[derive(Default)]
pub(crate) struct Positions {
    /// By execution: those since it came into memory.
    of: HashMap<u64, Vec<Position>>,
    last: Option<Position>,
    /// How many records came since the index was marked.
    since_mark: u64,
}

impl Written {
    pub(crate) fn new(last: Option<Position>) -> Self {
        Self(Mutex::new(Positions { of: HashMap::new(), last, since_mark: 0 }))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Positions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was written.
    pub(crate) fn add(&self, records: &[Record], positions: &[Position]) {
        let mut written = self.lock();
        for (record, position) in records.iter().zip(positions) {
            if record.execution != ENGINE {
                let positions = written.of.entry(record.execution);
                positions.or_insert_with(|| Vec::with_capacity(FEW)).push(*position);
            }
        }
        written.last = positions.last().copied().or(written.last);
        written.since_mark += positions.len() as u64;
    }
}

impl Positions {
    /// Where the records of an execution are that came since it came into memory.
    pub(crate) fn of(&self, execution: u64) -> &[Position] {
        self.of.get(&execution).map_or(&[], Vec::as_slice)
    }

    /// The same, for one that leaves memory.
    pub(crate) fn take(&mut self, execution: u64) -> Vec<Position> {
        self.of.remove(&execution).unwrap_or_default()
    }

    pub(crate) const fn since_mark(&self) -> u64 {
        self.since_mark
    }

    /// The last record of the log, with which the index is marked.
    pub(crate) const fn mark(&mut self) -> Option<Position> {
        self.since_mark = 0;
        self.last
    }
}
