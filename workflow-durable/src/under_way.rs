//! The tasks that are under way: none begins any more once the engine shuts down, and those that have begun are waited for.

use std::future::pending;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// Counts tasks.
#[derive(Default)]
pub(crate) struct UnderWay {
    count: Mutex<Count>,
    /// Tells that none is under way any more, once the engine shuts down.
    ended: Notify,
}

#[derive(Default)]
struct Count {
    tasks: usize,
    /// Whether no more begin.
    is_ending: bool,
}

/// A task that is under way until this is dropped.
pub(crate) struct Begun<'a>(&'a UnderWay);

/// A task that waits for tasks of its own, and is not counted until this is dropped.
pub(crate) struct Aside<'a>(&'a UnderWay);

impl UnderWay {
    pub(crate) fn is_ending(&self) -> bool {
        self.count().is_ending
    }

    /// Begins a task; never, once the engine shuts down.
    pub(crate) async fn begin(&self) -> Begun<'_> {
        let begins = {
            let mut count = self.count();
            count.tasks += usize::from(!count.is_ending);
            !count.is_ending
        };
        if begins { Begun(self) } else { pending().await }
    }

    /// Does not count a task that has begun for a while.
    pub(crate) fn aside(&self) -> Aside<'_> {
        self.end();
        Aside(self)
    }

    fn end(&self) {
        let mut count = self.count();
        count.tasks -= 1;
        if count.is_ending && count.tasks == 0 {
            self.ended.notify_waiters();
        }
    }

    /// Lets no task begin any more, and waits until those that have begun have ended, so long at most.
    pub(crate) async fn end_within(&self, grace: Duration) {
        self.count().is_ending = true;
        // Those that take longer are cut off.
        let _ = tokio::time::timeout(grace, self.all_ended()).await;
    }

    async fn all_ended(&self) {
        loop {
            let ended = self.ended.notified();
            if self.count().tasks == 0 {
                return;
            }
            ended.await;
        }
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        self.0.count().tasks += 1;
    }
}
