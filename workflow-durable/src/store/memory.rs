//! A store in memory, for tests: it is gone with the process.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Record, Store, StoreError};

/// Keeps records in memory. A clone of it is the same store, so that a test can open it again.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Record>>>);

impl Store for Memory {
    fn append(&self, records: &[Record]) -> Result<(), StoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(records);
        Ok(())
    }

    fn scan(
        &self,
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.into_iter().try_for_each(visit)
    }
}
