//! Stores that do not do what they should: that fail, that are slow, that cannot be read.

use std::sync::Condvar;
use std::sync::atomic::AtomicBool;

use super::*;

/// A store in memory whose writes go through a function.
struct Through<F> {
    kept: Memory,
    append: F,
}

impl<F> Store for Through<F>
where
    F: Fn(&Memory, &[Record]) -> Result<Vec<Position>, StoreError> + Send + Sync + 'static,
{
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        (self.append)(&self.kept, records)
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        self.kept.read(position)
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.kept.scan(after, visit)
    }
}

/// A store that writes so many times, keeps so many of the records of the next write, and fails from there on. Its writes are counted.
pub(super) fn failing(
    kept: &Memory,
    writes: &Arc<AtomicUsize>,
    until: usize,
    torn: usize,
) -> impl Store + use<> {
    let writes = Arc::clone(writes);
    let append = move |kept: &Memory, records: &[Record]| {
        let write = writes.fetch_add(1, Ordering::Relaxed);
        if write < until {
            return kept.append(records);
        }
        if write == until {
            kept.append(&records[..torn.min(records.len())])?;
        }
        Err(StoreError::unavailable("the disk is gone"))
    };
    Through { kept: kept.clone(), append }
}

/// A store whose writes wait until they are let through.
#[derive(Clone, Default)]
pub(super) struct Gated {
    pub(super) kept: Memory,
    gate: Arc<(Mutex<Option<usize>>, Condvar)>,
}

impl Gated {
    /// Lets so many writes through; all, for `None`.
    pub(super) fn let_through(&self, writes: Option<usize>) {
        *self.gate.0.lock().unwrap() = writes;
        self.gate.1.notify_all();
    }

    pub(super) fn store(&self) -> impl Store + use<> {
        let gate = Arc::clone(&self.gate);
        let append = move |kept: &Memory, records: &[Record]| {
            let mut left = gate.0.lock().unwrap();
            while *left == Some(0) {
                left = gate.1.wait(left).unwrap();
            }
            if let Some(left) = &mut *left {
                *left -= 1;
            }
            drop(left);
            kept.append(records)
        };
        Through { kept: self.kept.clone(), append }
    }
}

/// A store that cannot be read for a while.
#[derive(Clone, Default)]
pub(super) struct Unreadable {
    kept: Memory,
    pub(super) is_unreadable: Arc<AtomicBool>,
    pub(super) reads: Arc<AtomicUsize>,
}

impl Store for Unreadable {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        self.kept.append(records)
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.is_unreadable.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("it cannot be read"));
        }
        self.kept.read(position)
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.kept.scan(after, visit)
    }
}
