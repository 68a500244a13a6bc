//! The one writer of a store: whatever is queued while a write is made durable goes into the next one, all of it together.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};

use crate::run::Run;
use crate::store::{Record, Store, StoreError};
use crate::written::Written;

/// How many bytes go into one write at most, unless a single record has more.
const WRITE: usize = 64 << 20;

/// How many may be told of a write for the next one to begin at once. With few, writing at once keeps the disk busy; with many, waiting
/// for what they have to write saves writes.
const FEW: usize = 64;

/// Hands records to a store, and tells when they are durable.
pub(crate) struct Journal {
    queue: Mutex<Queue>,
    store: Arc<dyn Store>,
    written: Arc<Written>,
    /// Where records are written.
    runtime: Handle,
    /// Tells that what was queued is being written.
    taken: Notify,
    /// How many bytes may be queued before those who begin something new wait.
    limit: usize,
    /// Tells that nothing is being written any more.
    idle: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// How many bytes the records have.
    bytes: usize,
    /// Why nothing is written any more.
    broken: Option<StoreError>,
    is_closed: bool,
    /// Whether something is being written.
    is_writing: bool,
}

/// What is queued.
struct Waiting {
    /// What is written, if anything.
    record: Option<Record>,
    told: Told,
}

/// Who is told that what was queued is durable, or why it may not be.
enum Told {
    /// Whoever waits for it.
    Waiting(oneshot::Sender<Result<(), StoreError>>),
    /// An execution, with how many of its commits are durable then.
    Run(Arc<Run>, u64),
}

impl Told {
    /// The bytes of the record go back to the execution, so that their memory is used again.
    fn tell(self, written: Result<Vec<u8>, StoreError>) {
        match self {
            // Who waits no more has ended.
            Self::Waiting(told) => drop(told.send(written.map(drop))),
            Self::Run(run, commits) => run.written(commits, written),
        }
    }
}

/// Tells when what was queued is durable.
pub(crate) struct Durable(oneshot::Receiver<Result<(), StoreError>>);

impl Future for Durable {
    type Output = Result<(), StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|told| told.unwrap_or_else(|_| Err(shut_down())))
    }
}

impl Journal {
    /// Writes to a store, on the runtime that this is called on.
    pub(crate) fn new(store: Arc<dyn Store>, written: Arc<Written>, limit: usize) -> Arc<Self> {
        Arc::new(Self {
            queue: Mutex::default(),
            store,
            written,
            runtime: Handle::current(),
            taken: Notify::new(),
            limit,
            idle: Notify::new(),
        })
    }

    /// Queues a record, and has it written.
    pub(crate) fn submit(self: &Arc<Self>, record: Record) -> Durable {
        let durable = self.queue(record);
        self.write();
        durable
    }

    /// Waits until all that is queued is durable, once it is written.
    pub(crate) fn all(&self) -> Durable {
        self.add(None)
    }

    /// Queues a record, after those that were queued before, without having it written yet.
    pub(crate) fn queue(&self, record: Record) -> Durable {
        self.add(Some(record))
    }

    fn add(&self, record: Option<Record>) -> Durable {
        let (told, receiver) = oneshot::channel();
        if let Err((error, told)) = self.queued().add(record, Told::Waiting(told)) {
            told.tell(Err(error));
        }
        Durable(receiver)
    }

    /// Queues a record of an execution, if there is one, which is told with how many of its commits that is durable.
    ///
    /// # Errors
    ///
    /// When it is never written.
    pub(crate) fn queue_commits(
        &self,
        run: Arc<Run>,
        record: Option<Record>,
        commits: u64,
    ) -> Result<(), StoreError> {
        let added = self.queued().add(record, Told::Run(run, commits));
        added.map_err(|(error, _)| error)
    }

    /// Has all that is queued be written.
    pub(crate) fn write(self: &Arc<Self>) {
        let mut queue = self.queued();
        if !queue.waiting.is_empty() && !std::mem::replace(&mut queue.is_writing, true) {
            self.begin_writing();
        }
    }

    /// Writes on a thread where blocking is fine.
    fn begin_writing(self: &Arc<Self>) {
        let journal = Arc::clone(self);
        self.runtime.spawn_blocking(move || {
            while let Some(written) = journal.write_next() {
                let is_going_on = written.waiting.len() > FEW;
                written.tell(|| {
                    if is_going_on {
                        let journal = Arc::clone(&journal);
                        journal.runtime.clone().spawn(async move { journal.go_on() });
                    }
                });
                if is_going_on {
                    return;
                }
            }
        });
    }

    /// Goes on writing, if there is anything to write.
    fn go_on(self: &Arc<Self>) {
        let mut queue = self.queued();
        if queue.waiting.is_empty() {
            self.rest(&mut queue);
        } else {
            self.begin_writing();
        }
    }

    /// Nothing is written now.
    fn rest(&self, queue: &mut Queue) {
        queue.is_writing = false;
        self.idle.notify_waiters();
    }

    /// Has nothing be written any more.
    pub(crate) fn fail(&self, error: &StoreError) {
        let waiting = {
            let mut queue = self.queued();
            queue.broken.get_or_insert_with(|| error.clone());
            std::mem::take(&mut queue.waiting)
        };
        // Not under the lock: an execution that is told is locked, and one that is locked may queue something.
        waiting.into_iter().for_each(|waiting| waiting.told.tell(Err(error.clone())));
        self.taken.notify_waiters();
    }

    /// Waits until there is room for something new. What has begun is never kept waiting here: it would hold what it has.
    pub(crate) async fn room(&self) {
        loop {
            let taken = self.taken.notified();
            let is_full = {
                let queue = self.queued();
                queue.bytes > self.limit && queue.broken.is_none() && !queue.is_closed
            };
            if !is_full {
                return;
            }
            taken.await;
        }
    }

    /// Waits until all that is queued is written, and takes nothing more.
    pub(crate) async fn close(self: &Arc<Self>) {
        self.queued().is_closed = true;
        self.taken.notify_waiters();
        self.write();
        loop {
            let idle = self.idle.notified();
            if !self.queued().is_writing {
                return;
            }
            idle.await;
        }
    }

    fn queued(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is queued now, as much as goes into one write; returns who waits for it, if there was anything.
    fn write_next(&self) -> Option<Batch> {
        let taken = {
            let mut queue = self.queued();
            if queue.waiting.is_empty() {
                self.rest(&mut queue);
                return None;
            }
            queue.take(WRITE)
        };
        self.taken.notify_waiters();
        let mut records = Vec::with_capacity(taken.len());
        let mut waiting = Vec::with_capacity(taken.len());
        for Waiting { record, told } in taken {
            waiting.push((record.is_some(), told));
            records.extend(record);
        }
        let result = if records.is_empty() { Ok(()) } else { self.append(&records) };
        if let Err(error) = &result {
            self.fail(error);
        }
        Some(Batch { records, waiting, result })
    }

    fn append(&self, records: &[Record]) -> Result<(), StoreError> {
        // A store of somebody else may panic.
        let appended = catch_unwind(AssertUnwindSafe(|| self.store.append(records)));
        let positions =
            appended.unwrap_or_else(|_| Err(StoreError::unavailable("the store panicked")))?;
        // Known before anybody is told that it is durable, and may ask for it.
        self.written.add(records, &positions);
        Ok(())
    }
}

/// What was written together, and who is told of it.
struct Batch {
    records: Vec<Record>,
    /// Each, and whether one of the records is his: they are in the same order.
    waiting: Vec<(bool, Told)>,
    result: Result<(), StoreError>,
}

impl Batch {
    /// Tells them, and does something when half of them know.
    fn tell(self, half: impl FnOnce()) {
        let count = self.waiting.len() / 2;
        let mut waiting = self.waiting.into_iter();
        let mut records = self.records.into_iter();
        let mut tell = |count: usize| {
            for (has_record, told) in waiting.by_ref().take(count) {
                let record = if has_record { records.next() } else { None };
                let bytes = record.map(|record| record.bytes).unwrap_or_default();
                told.tell(self.result.clone().map(|()| bytes));
            }
        };
        tell(count);
        half();
        tell(usize::MAX);
    }
}

impl Queue {
    /// Adds something, unless it is never written.
    fn add(&mut self, record: Option<Record>, told: Told) -> Result<(), (StoreError, Told)> {
        if let Some(error) = &self.broken {
            return Err((error.clone(), told));
        }
        if self.is_closed {
            return Err((shut_down(), told));
        }
        self.bytes += record.as_ref().map_or(0, |record| record.bytes.len());
        self.waiting.push(Waiting { record, told });
        Ok(())
    }

    /// Takes what goes into one write of so many bytes at most; one record where it alone has more.
    fn take(&mut self, most: usize) -> Vec<Waiting> {
        if self.bytes <= most {
            self.bytes = 0;
            // As many are to come as came.
            let next = Vec::with_capacity(self.waiting.len());
            return std::mem::replace(&mut self.waiting, next);
        }
        let sizes = self.waiting.iter().scan(0, |bytes, waiting| {
            *bytes += waiting.record.as_ref().map_or(0, |record| record.bytes.len());
            Some(*bytes)
        });
        let count = sizes.take_while(|bytes| *bytes <= most).count().max(1);
        let taken: Vec<_> = self.waiting.drain(..count).collect();
        let records = taken.iter().filter_map(|waiting| waiting.record.as_ref());
        self.bytes -= records.map(|record| record.bytes.len()).sum::<usize>();
        taken
    }
}

/// Why nothing is written any more once the engine is shut down.
pub(crate) fn shut_down() -> StoreError {
    StoreError::unavailable("the engine is shut down")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_has_only_so_many_bytes_unless_one_record_has_more() {
        let mut queue = Queue::default();
        for length in [4, 4, 0, 4, 20, 1] {
            let record = (length > 0).then(|| Record { execution: 1, bytes: vec![7; length] });
            queue.bytes += length;
            queue.waiting.push(Waiting { record, told: Told::Waiting(oneshot::channel().0) });
        }
        let mut writes = Vec::new();
        while !queue.waiting.is_empty() {
            let taken = queue.take(8);
            let lengths =
                taken.iter().map(|taken| taken.record.as_ref().map_or(0, |r| r.bytes.len()));
            writes.push(lengths.collect::<Vec<_>>());
        }
        assert_eq!(writes, [vec![4, 4, 0], vec![4], vec![20], vec![1]]);
        assert_eq!(queue.bytes, 0);
    }
}
