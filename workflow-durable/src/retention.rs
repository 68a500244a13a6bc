//! Executions that have ended for long are forgotten, and the log is shortened up to the first one that is kept.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::engine::Engine;
use crate::store::{Position, StoreError};

/// How many executions are forgotten together.
const AT_ONCE: usize = 10_000;

/// How often it is looked what is old, at least.
const MOST: Duration = Duration::from_secs(3600);

impl Engine {
    /// Forgets what has ended longer ago than this, again and again.
    pub(crate) async fn forget_old(self: Arc<Self>, retention: Duration) {
        let mut kept = None;
        loop {
            let engine = Arc::clone(&self);
            let forgotten = spawn_blocking(move || engine.forget(retention)).await;
            // What cannot be forgotten now is so the next time.
            let first = forgotten.ok().and_then(Result::ok).flatten();
            if first > kept && self.shorten(first).await.is_ok() {
                kept = first;
            }
            tokio::time::sleep(MOST.min(retention)).await;
        }
    }

    /// Forgets what is old, and returns where the first record is that is kept.
    fn forget(&self, retention: Duration) -> Result<Option<Position>, StoreError> {
        let retention = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        let before = self.now().saturating_sub(retention);
        // What is in memory is in the index then, too.
        self.write_index(true)?;
        loop {
            let numbers = self.index.ended_before(before, AT_ONCE)?;
            if numbers.is_empty() {
                return self.index.first();
            }
            self.index.forget(&numbers)?;
        }
    }

    /// Has the store forget what is before a record. What the log says of the engine is said again before, so that it is not lost with
    /// what is removed.
    async fn shorten(&self, first: Option<Position>) -> Result<(), StoreError> {
        let Some(first) = first else { return Ok(()) };
        self.common.journal.submit(self.key_record()).await?;
        let store = Arc::clone(&self.store);
        let removed = spawn_blocking(move || store.forget_before(first)).await;
        removed.unwrap_or_else(|panic| Err(StoreError::unavailable(panic.to_string())))
    }
}
