//! A store that loses what is being written, and the runtime under it.

use std::sync::{Arc, Condvar, Mutex};

use tokio::runtime::Runtime;
use tokio::sync::Notify;
use workflow_durable::{Memory, Position, Record, Store, StoreError};

/// Whether the thread of the runtime has nothing to do.
#[derive(Clone, Default)]
pub struct Idle(Arc<(Mutex<bool>, Condvar)>);

impl Idle {
    fn set(&self, is_idle: bool) {
        *self.0.0.lock().expect("nothing panics") = is_idle;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let is_idle = self.0.0.lock().expect("nothing panics");
        drop(self.0.1.wait_while(is_idle, |is_idle| !*is_idle).expect("nothing panics"));
    }
}

/// A runtime of one thread, whose clock stands still while there is something to do.
pub fn runtime() -> (Runtime, Idle) {
    let idle = Idle::default();
    let (parked, unparked) = (idle.clone(), idle.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .on_thread_park(move || parked.set(true))
        .on_thread_unpark(move || unparked.set(false))
        .build();
    (runtime.expect("threads can be made"), idle)
}

/// A store that crashes once.
#[derive(Clone)]
pub struct Crashing {
    kept: Memory,
    plan: Arc<Mutex<Plan>>,
    crashed: Arc<Notify>,
    idle: Idle,
}

/// When a store crashes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan {
    /// The number of the write that it crashes in, unless it does not, and what decides how many records of it are kept.
    write: Option<(usize, usize)>,
    /// How many writes there were.
    writes: usize,
    has_crashed: bool,
}

impl Plan {
    /// Crashes in the write of this number, counted from 0.
    pub fn write(number: usize, keeps: usize) -> Self {
        Self { write: Some((number, keeps)), ..Self::default() }
    }
}

impl Crashing {
    pub fn new(kept: Memory, plan: Plan, idle: Idle) -> Self {
        Self { kept, plan: Arc::new(Mutex::new(plan)), crashed: Arc::default(), idle }
    }

    /// Crashes now.
    pub fn crash(&self) {
        self.plan.lock().expect("nothing panics").has_crashed = true;
        self.crashed.notify_one();
    }

    pub async fn crashed(&self) {
        self.crashed.notified().await;
    }

    /// How many of so many records the next write keeps, and whether it succeeds.
    fn keeps(&self, records: usize) -> (usize, bool) {
        let mut plan = self.plan.lock().expect("nothing panics");
        let write = plan.writes;
        plan.writes += 1;
        match plan.write {
            _ if plan.has_crashed => (0, false),
            Some((crashes, keeps)) if crashes == write => (keeps % (records + 1), false),
            _ => (records, true),
        }
    }
}

impl Store for Crashing {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        // Which records are in one write does not depend on which thread is faster.
        self.idle.wait();
        let (count, succeeds) = self.keeps(records.len());
        let positions = self.kept.append(&records[..count])?;
        if succeeds {
            return Ok(positions);
        }
        self.crash();
        Err(StoreError::unavailable("the disk is gone"))
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        self.kept.read(position)
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.kept.scan(after, visit)
    }
}
