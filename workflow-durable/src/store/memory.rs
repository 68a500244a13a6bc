//! A store in memory, for tests: it is gone with the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Position, Record, Store, StoreError};

/// Keeps records in memory. A clone of it is the same store, so that a test can open it again.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Record>>>);

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Vec<Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        let mut kept = self.kept();
        let first = kept.len() as u64;
        kept.extend_from_slice(records);
        Ok((first..kept.len() as u64).map(Position).collect())
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        let place = usize::try_from(position.0).unwrap_or(usize::MAX);
        let found = self.kept().get(place).cloned();
        found.ok_or_else(|| StoreError::damaged("there is no such record"))
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let first = after.map_or(0, |after| after.0 + 1);
        let kept = self.kept().clone();
        let places = kept.into_iter().zip(0..).skip(usize::try_from(first).unwrap_or(usize::MAX));
        places.into_iter().try_for_each(|(record, place)| visit(Position(place), record))
    }
}
