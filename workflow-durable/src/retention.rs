//! Executions that have ended for long are forgotten, and the log is shortened up to the first one that is kept. One that waits for long
//! does not keep it: all of it is written anew at the end, as one record that begins as its first one did.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::task::spawn_blocking;

use crate::engine::Engine;
use crate::entry::{Entries, decode};
use crate::index::{Kept, Row, Standing};
use crate::known::Executions;
use crate::store::{Position, Record, StoreError};

/// How many executions are forgotten together.
const AT_ONCE: usize = 10_000;

/// How many executions are moved together. Nothing comes into memory meanwhile.
const MOVED_AT_ONCE: usize = 100;

/// How many bytes an execution may have that is moved. A larger one keeps the log.
const MOVED: usize = 16 << 20;

/// How often it is looked what is old, at least.
const MOST: Duration = Duration::from_secs(3600);

impl Engine {
    /// Forgets what has ended longer ago than this, again and again.
    pub(crate) async fn forget_old(self: Arc<Self>, retention: Duration) {
        let (mut kept, mut forgotten) = (None, 0);
        loop {
            // What cannot be forgotten now is so the next time.
            let first = self.make_room(retention, &mut forgotten).await.ok().flatten();
            if first > kept && self.shorten(first).await.is_ok() {
                kept = first;
            }
            tokio::time::sleep(MOST.min(retention)).await;
        }
    }

    /// Forgets what is old, moves what waits for long where that is worth it, and returns where the first record is that is kept. Counts
    /// what is forgotten since something was moved.
    async fn make_room(
        self: &Arc<Self>,
        retention: Duration,
        forgotten: &mut usize,
    ) -> Result<Option<Position>, StoreError> {
        let retention = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        let before = self.now().saturating_sub(retention);
        let (count, kept) = self.forget(before).await?;
        *forgotten += count;
        let in_the_way = kept.in_the_way();
        if in_the_way.is_empty() || in_the_way.len() > *forgotten {
            return Ok(kept.first());
        }
        *forgotten = 0;
        for numbers in in_the_way.chunks(MOVED_AT_ONCE) {
            self.move_to_end(numbers).await?;
        }
        Ok(self.forget(before).await?.1.first())
    }

    /// Forgets what has ended before a time; returns how many that were, and for whom the log is kept.
    async fn forget(self: &Arc<Self>, before: i64) -> Result<(usize, Kept), StoreError> {
        let engine = Arc::clone(self);
        let forgotten = spawn_blocking(move || {
            // What is in memory is in the index then, too.
            engine.write_index(true)?;
            let mut count = 0;
            loop {
                let numbers = engine.index.ended_before(before, AT_ONCE)?;
                if numbers.is_empty() {
                    return Ok((count, engine.index.kept(before)?));
                }
                engine.index.forget(&numbers)?;
                count += numbers.len();
            }
        });
        forgotten.await.unwrap_or_else(|panic| Err(StoreError::unavailable(panic.to_string())))
    }

    /// Writes executions anew at the end of the log, where they wait in the store still.
    async fn move_to_end(&self, numbers: &[u64]) -> Result<(), StoreError> {
        let _loading = self.loading.lock().await;
        let mut moved = Vec::new();
        for number in numbers {
            let row = self.waiting_row(&self.executions(), *number)?;
            let Some((row, bytes)) = row.map(|row| self.whole(row)).transpose()?.flatten() else {
                continue;
            };
            let durable = self.common.journal.submit(Record { execution: *number, bytes });
            moved.push(async move { durable.await.map(|()| (*number, row)) });
        }
        let moved = try_join_all(moved).await?;
        let mut executions = self.executions();
        let mut written = self.written.lock();
        for (number, row) in moved {
            if let Some(position) = written.take(number).last() {
                executions.change(number, row.moved(*position));
            }
        }
        Ok(())
    }

    /// The row of an execution that waits in the store.
    fn waiting_row(&self, executions: &Executions, number: u64) -> Result<Option<Row>, StoreError> {
        if executions.live.contains_key(&number) {
            return Ok(None);
        }
        let row = self.row(executions, number)?;
        Ok(row.filter(|row| matches!(row.standing, Standing::Parked { .. })))
    }

    /// All that has happened in an execution as one record, unless that is too much.
    fn whole(&self, row: Row) -> Result<Option<(Row, Vec<u8>)>, StoreError> {
        let (mut entries, mut bytes) = (Entries::default(), 0);
        for position in row.positions() {
            let record = self.store.read(position)?.bytes;
            bytes += record.len();
            if bytes > MOVED {
                return Ok(None);
            }
            decode(&record)?.iter().for_each(|entry| entries.push(entry));
        }
        Ok(entries.take().map(|bytes| (row, bytes)))
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
