//! The one writer of a store: whatever is queued while a write is made durable goes into the next one, all of it together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot, watch};

use crate::store::{Record, Store, StoreError};
use crate::written::Written;

/// Hands records to a store, and tells when they are durable.
pub(crate) struct Journal {
    queue: Mutex<Queue>,
    queued: Notify,
    /// Tells that what was queued is being written.
    taken: Notify,
    /// How many bytes may be queued before those who begin something new wait.
    limit: usize,
    /// Whether the writer has ended.
    ended: watch::Sender<bool>,
}

#[derive(Default)]
struct Queue {
    records: Vec<Record>,
    /// How many bytes the records have.
    bytes: usize,
    waiting: Vec<oneshot::Sender<Result<(), StoreError>>>,
    /// Why nothing is written any more.
    broken: Option<StoreError>,
    is_closed: bool,
}

/// Tells when what was queued is durable.
pub(crate) struct Durable(oneshot::Receiver<Result<(), StoreError>>);

impl Durable {
    /// Waits until it is durable.
    ///
    /// # Errors
    ///
    /// When it may not be.
    pub(crate) async fn wait(self) -> Result<(), StoreError> {
        self.0.await.unwrap_or_else(|_| Err(shut_down()))
    }
}

impl Journal {
    /// Begins to write to a store, on the runtime that this is called on.
    pub(crate) fn new(store: Arc<dyn Store>, written: Arc<Written>, limit: usize) -> Arc<Self> {
        let (queue, ended) = (Mutex::default(), watch::Sender::new(false));
        let (queued, taken) = (Notify::new(), Notify::new());
        let journal = Arc::new(Self { queue, queued, taken, limit, ended });
        tokio::spawn(write(Arc::clone(&journal), store, written));
        journal
    }

    /// Waits until all that is queued is durable.
    ///
    /// # Errors
    ///
    /// When it may not be.
    pub(crate) fn all(&self) -> Durable {
        self.submit(Record { execution: 0, bytes: Vec::new() })
    }

    /// Queues a record, after those that were queued before. One without bytes only waits for these.
    pub(crate) fn submit(&self, record: Record) -> Durable {
        let (sender, receiver) = oneshot::channel();
        let mut queue = self.queue();
        match &queue.broken {
            Some(error) => drop(sender.send(Err(error.clone()))),
            // What is asked for after the end is never written: whoever waits for it is told.
            None if queue.is_closed => {}
            None => {
                if !record.bytes.is_empty() {
                    queue.bytes += record.bytes.len();
                    queue.records.push(record);
                }
                queue.waiting.push(sender);
                drop(queue);
                self.queued.notify_one();
            }
        }
        Durable(receiver)
    }

    /// Has nothing be written any more.
    pub(crate) fn fail(&self, error: &StoreError) {
        let mut queue = self.queue();
        queue.broken.get_or_insert_with(|| error.clone());
        for sender in queue.waiting.drain(..) {
            let _ = sender.send(Err(error.clone()));
        }
        self.taken.notify_waiters();
    }

    /// Waits until there is room for something new. What has begun is never kept waiting here: it would hold what it has.
    pub(crate) async fn room(&self) {
        loop {
            let taken = self.taken.notified();
            let is_full = {
                let queue = self.queue();
                queue.bytes > self.limit && queue.broken.is_none() && !queue.is_closed
            };
            if !is_full {
                return;
            }
            taken.await;
        }
    }

    /// Waits until all that is queued is written, and ends the writer.
    pub(crate) async fn close(&self) {
        self.queue().is_closed = true;
        self.taken.notify_waiters();
        self.queued.notify_one();
        // It ends however the writes end.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all that is queued; `None` when nothing will be any more.
    fn take(&self) -> Option<Queue> {
        let mut queue = self.queue();
        if queue.is_closed && queue.waiting.is_empty() {
            return None;
        }
        let (records, waiting) =
            (std::mem::take(&mut queue.records), std::mem::take(&mut queue.waiting));
        queue.bytes = 0;
        self.taken.notify_waiters();
        Some(Queue { records, waiting, ..Queue::default() })
    }
}

/// Why nothing is written any more once the engine is shut down.
pub(crate) fn shut_down() -> StoreError {
    StoreError::unavailable("the engine is shut down")
}

async fn write(journal: Arc<Journal>, store: Arc<dyn Store>, written: Arc<Written>) {
    while let Some(Queue { records, waiting, .. }) = journal.take() {
        if waiting.is_empty() {
            journal.queued.notified().await;
            continue;
        }
        let result = match records.is_empty() {
            true => Ok(()),
            false => append(Arc::clone(&store), Arc::clone(&written), records).await,
        };
        if let Err(error) = &result {
            journal.fail(error);
        }
        for sender in waiting {
            let _ = sender.send(result.clone());
        }
    }
    journal.ended.send_replace(true);
}

/// Writes on a thread where blocking is fine.
async fn append(
    store: Arc<dyn Store>,
    written: Arc<Written>,
    records: Vec<Record>,
) -> Result<(), StoreError> {
    let appended = tokio::task::spawn_blocking(move || {
        let positions = store.append(&records)?;
        // Known before anybody is told that it is durable, and may ask for it.
        written.add(&records, &positions);
        Ok(())
    });
    appended.await.unwrap_or_else(|panic| Err(StoreError::unavailable(panic.to_string())))
}
