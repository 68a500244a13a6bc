//! How the machine of an execution is polled: what it notes in a poll is one record, which all its places wait for that are to go on
//! once that is durable.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use tokio::time::Instant;
use workflow_core::ErrorOutput;

use super::{Noted, Run};
use crate::builder::Machine;
use crate::entry::{Entry, Event, Text};
use crate::store::StoreError;

/// Says, when it is dropped, that the machine of an execution is polled no more.
pub(crate) struct Driving<'r>(&'r Run);

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        self.0.tell_at_rest(&mut self.0.noted());
    }
}

/// The places of a machine that wait until what was noted before is durable. Those of one poll of the machine are one record.
#[derive(Default)]
pub(super) struct Commits {
    /// How many there were.
    asked: u64,
    /// How many of them are handed to the journal.
    handed: u64,
    /// How many of them are durable.
    durable: u64,
    /// What polls the machine.
    driver: Option<Waker>,
    /// Places that are woken by themselves.
    waiting: Vec<Waker>,
}

impl Commits {
    /// Asks for one more, and returns its number.
    const fn ask(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// Keeps what polls the machine.
    fn driven_by(&mut self, driver: &Waker) {
        if !self.is_driver(driver) {
            self.driver = Some(driver.clone());
        }
    }

    fn is_driver(&self, waker: &Waker) -> bool {
        self.driver.as_ref().is_some_and(|driver| driver.will_wake(waker))
    }
}

impl Run {
    /// Waits, in the machine, until what is noted is durable: it is handed to the journal with all else that this poll of the machine
    /// notes. Where it may not be durable, the machine stands still, and whoever drives it drops it.
    pub(crate) async fn committed(&self) {
        let mut commit = None;
        poll_fn(|context| {
            let mut noted = self.noted();
            let commit = *commit.get_or_insert_with(|| noted.commits.ask());
            if noted.commits.durable >= commit && !noted.is_over() {
                return Poll::Ready(());
            }
            if !noted.commits.is_driver(context.waker()) {
                noted.commits.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    /// So many commits are durable, and their places go on; or they may not be. The bytes of the record are used again.
    pub(crate) fn written(&self, commits: u64, written: Result<Vec<u8>, StoreError>) {
        let (driver, waiting) = {
            let mut noted = self.noted();
            match written {
                Ok(bytes) => noted.entries.reuse(bytes),
                Err(error) => {
                    noted.fail(error);
                    self.interrupted.notify_one();
                    return;
                }
            }
            // What is told of one write may come after what is told of the next, which is durable no sooner.
            if commits <= noted.commits.durable {
                return;
            }
            noted.commits.durable = commits;
            (noted.commits.driver.clone(), std::mem::take(&mut noted.commits.waiting))
        };
        waiting.into_iter().chain(driver).for_each(Waker::wake);
    }

    /// Drives the execution on, unless it is interrupted. Whenever it waits, what is noted is handed to the journal: what has
    /// happened in one branch is durable soon, however long the others wait.
    pub(crate) async fn drive(
        self: &Arc<Self>,
        mut driven: Machine,
    ) -> Result<Text, Box<ErrorOutput>> {
        poll_fn(|context| {
            let polled = self.poll(&mut driven, context);
            // Also where nothing was noted: the entry that the execution begins with is queued.
            self.common.journal.write();
            polled
        })
        .await
    }

    fn poll(
        self: &Arc<Self>,
        driven: &mut Machine,
        context: &mut Context<'_>,
    ) -> Poll<Result<Text, Box<ErrorOutput>>> {
        {
            let mut noted = self.noted();
            if noted.stop.is_some() {
                self.interrupted.notify_one();
                return Poll::Pending;
            }
            noted.polled_by = Some(thread::current().id());
            noted.time = None;
            noted.commits.driven_by(context.waker());
        }
        let polled = driven.as_mut().poll(context);
        let mut noted = self.noted();
        noted.polled = Instant::now();
        if noted.is_over() {
            self.interrupted.notify_one();
            return Poll::Pending;
        }
        if polled.is_pending() {
            self.hand_over(&mut noted);
        }
        polled
    }

    /// Hands what the machine has noted to the journal, with the commits that it waits for.
    fn hand_over(self: &Arc<Self>, noted: &mut Noted) {
        self.tell_at_rest(noted);
        let asked = noted.commits.asked;
        let is_waited_for = std::mem::replace(&mut noted.commits.handed, asked) < asked;
        if !is_waited_for && noted.entries.is_empty() {
            return;
        }
        let queued = self
            .record(noted)
            .and_then(|record| self.common.journal.queue_commits(Arc::clone(self), record, asked));
        if let Err(error) = queued {
            noted.fail(error);
            self.interrupted.notify_one();
        }
    }

    /// Notes that the execution has ended, and makes it durable.
    ///
    /// # Errors
    ///
    /// When it may not be.
    pub(crate) async fn end(&self, time: i64, event: Event) -> Result<(), StoreError> {
        let durable = {
            let entry = Entry { time, scope: 0, event };
            let mut noted = self.noted();
            let events = noted.progress.events_with(&entry);
            noted.add(entry, events);
            // In one record with what the machine noted last.
            let durable = self.queue(&mut noted);
            self.tell_at_rest(&mut noted);
            durable?
        };
        self.common.journal.write();
        durable.await
    }

    /// Has the execution be known to be driven, until what is returned is dropped.
    pub(crate) const fn driving(&self) -> Driving<'_> {
        Driving(self)
    }

    /// Tells that what is noted may be written from outside of the machine: it is not between two things that are to be in one record.
    pub(super) fn tell_at_rest(&self, noted: &mut Noted) {
        noted.polled_by = None;
        if std::mem::take(&mut noted.is_rest_awaited) {
            self.at_rest.notify_waiters();
        }
    }
}
