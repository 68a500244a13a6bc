//! The tasks that are under way: none begins any more once the engine shuts down, and those that have begun are waited for.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch;

/// Counts tasks.
pub(crate) struct UnderWay(watch::Sender<Count>);

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
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Count { tasks: 0, is_ending: false }))
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.0.borrow().is_ending
    }

    /// Begins a task; never, once the engine shuts down.
    pub(crate) async fn begin(&self) -> Begun<'_> {
        let mut begins = false;
        self.0.send_if_modified(|count| {
            begins = !count.is_ending;
            count.tasks += usize::from(begins);
            false
        });
        if begins { Begun(self) } else { pending().await }
    }

    /// Does not count a task that has begun for a while.
    pub(crate) fn aside(&self) -> Aside<'_> {
        self.end();
        Aside(self)
    }

    fn end(&self) {
        self.0.send_if_modified(|count| {
            count.tasks -= 1;
            count.is_ending && count.tasks == 0
        });
    }

    /// Lets no task begin any more, and waits until those that have begun have ended, so long at most.
    pub(crate) async fn end_within(&self, grace: Duration) {
        self.0.send_modify(|count| count.is_ending = true);
        let mut count = self.0.subscribe();
        let ended = count.wait_for(|count| count.tasks == 0);
        // Those that take longer are cut off.
        let _ = tokio::time::timeout(grace, ended).await;
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        self.0.0.send_if_modified(|count| {
            count.tasks += 1;
            false
        });
    }
}
