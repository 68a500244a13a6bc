//! Executions that have ended for long are forgotten, and the log is shortened up to the first one that is kept. One that waits for long
//! does not keep it: all of it is written anew at the end, as one record that begins as its first one did.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::task::spawn_blocking;

use crate::engine::Engine;
use crate::entry::{Entries, decode};
use crate::index::{Kept, Row, Standing};
use crate::store::{Position, Record, StoreError};

/// How many executions are forgotten together.
const AT_ONCE: usize = 10_000;

/// How many executions are moved together. Nothing comes into memory meanwhile.
const MOVED_AT_ONCE: usize = 100;

/// How many bytes are moved together, and an execution may have that is moved. A larger one keeps the log.
const MOVED: usize = 16 << 20;

/// How often it is looked what is old, at least.
const MOST: Duration = Duration::from_secs(3600);

/// An execution that waits in the store, and all that has happened in it as one record.
pub(crate) struct Whole {
    number: u64,
    row: Row,
    pub(crate) bytes: Vec<u8>,
}

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
        let mut in_the_way = kept.in_the_way();
        if in_the_way.is_empty() || in_the_way.len() > *forgotten {
            return Ok(kept.first());
        }
        *forgotten = 0;
        while !in_the_way.is_empty() {
            in_the_way = self.move_to_end(in_the_way).await?;
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

    /// Writes some of these executions anew at the end of the log, where they wait in the store still; returns the others.
    async fn move_to_end(self: &Arc<Self>, numbers: Vec<u64>) -> Result<Vec<u64>, StoreError> {
        let _loading = self.loading.lock().await;
        let engine = Arc::clone(self);
        let read = spawn_blocking(move || engine.whole(numbers)).await;
        let (whole, others) = read.map_err(|panic| StoreError::unavailable(panic.to_string()))?;
        let moved = whole.into_iter().map(|Whole { number, row, bytes }| {
            let durable = self.common.journal.submit(Record { execution: number, bytes });
            async move { durable.await.map(|()| (number, row)) }
        });
        let moved = try_join_all(moved).await?;
        let mut executions = self.executions();
        let mut written = self.written.lock();
        for (number, row) in moved {
            if let Some(position) = written.take(number).last() {
                executions.change(number, row.moved(*position));
            }
        }
        drop((executions, written));
        Ok(others)
    }

    /// Reads some of these executions, as many as may be moved together; returns the others.
    fn whole(&self, mut numbers: Vec<u64>) -> (Vec<Whole>, Vec<u64>) {
        let (mut whole, mut bytes) = (Vec::new(), 0);
        while bytes < MOVED
            && whole.len() < MOVED_AT_ONCE
            && let Some(number) = numbers.pop()
        {
            // One that cannot be read now stays where it is, and keeps the log.
            if let Ok(Some(read)) = self.read_whole(number) {
                bytes += read.bytes.len();
                whole.push(read);
            }
        }
        (whole, numbers)
    }

    /// All that has happened in an execution that waits in the store, as one record, unless that is too much.
    pub(crate) fn read_whole(&self, number: u64) -> Result<Option<Whole>, StoreError> {
        let row = {
            let executions = self.executions();
            let is_live = executions.live.contains_key(&number);
            if is_live { None } else { self.row(&executions, number)? }
        };
        let is_waiting = |row: &Row| matches!(row.standing, Standing::Parked { .. });
        let Some(row) = row.filter(is_waiting) else { return Ok(None) };
        let (mut entries, mut bytes) = (Entries::default(), 0);
        for position in row.positions() {
            let record = self.store.read(position)?.bytes;
            bytes += record.len();
            if bytes > MOVED {
                return Ok(None);
            }
            decode(&record)?.iter().for_each(|entry| entries.push(entry));
        }
        Ok(entries.take().map(|bytes| Whole { number, row, bytes }))
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
