//! Durable order-flow beside the same written by hand, in one run: `cargo bench -p benches --bench durable`.
//!
//! Executions go through the engine, each transition durable, so many at a time. Beside it stands what a program without an engine would
//! do: for each order the same records, made durable one after the other by a writer that writes all that is queued together. It
//! makes no records, keeps nothing in memory, and can go on with nothing after a crash: it is what the disk, the runtime and the
//! waiting cost. What the neighbours do is in both. Beside the rates stand counts that no noise touches: the syncs and the bytes of an
//! execution.

mod by_hand;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use benches::orders;
use order_flow::order::Print;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::sync::mpsc;
use workflow_durable::{Durable, Log, Position, Record, Store, StoreError};

/// The bytes that the log puts before each record: the number of its execution, its length, and a checksum. What stands before a batch
/// is left out.
const BEFORE_RECORD: usize = size_of::<u64>() + 2 * size_of::<u32>();

/// A log that keeps what it is given.
#[derive(Clone)]
struct Counted {
    log: Arc<Log>,
    batches: Arc<Mutex<Vec<Vec<Record>>>>,
}

impl Counted {
    fn new(log: Arc<Log>) -> Self {
        Self { log, batches: Arc::default() }
    }

    /// What was written, each batch with a sync.
    fn batches(&self) -> Vec<Vec<Record>> {
        std::mem::take(&mut *self.batches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for Counted {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.push(records.to_vec());
        drop(batches);
        self.log.append(records)
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        self.log.read(position)
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.log.scan(after, visit)
    }

    fn folder(&self) -> Option<&Path> {
        self.log.folder()
    }
}

fn main() {
    let folder = std::env::current_dir().expect("there is a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    println!(
        "{:>8} {:>14} {:>14} {:>7} {:>10} {:>10} {:>10}",
        "at once", "executions/s", "by hand/s", "ratio", "syncs", "bytes", "CPU in µs"
    );
    for (at_once, executions) in [(1, 400), (64, 8_000), (1024, 16_000)] {
        let directory = tempfile::tempdir_in(&folder).expect("a folder can be made");
        let open = |name: &str| {
            Arc::new(Log::open(directory.path().join(name)).expect("a log can be made"))
        };
        let orders = runtime.block_on(recorded(&open));
        let store = Counted::new(open("engine"));
        let before = processor_time();
        let engine = runtime.block_on(through_engine(store.clone(), at_once, executions));
        let busy = processor_time() - before;
        let by_hand = runtime.block_on(by_hand::run(open("by-hand"), orders, at_once, executions));
        let batches = store.batches();
        let records = batches.iter().flatten();
        let bytes: usize = records.map(|record| BEFORE_RECORD + record.bytes.len()).sum();
        let rate = |time: Duration| f64::from(executions) / time.as_secs_f64();
        println!(
            "{at_once:>8} {:>14.0} {:>14.0} {:>7.2} {:>10.2} {:>10} {:>10.0}",
            rate(engine),
            rate(by_hand),
            rate(engine) / rate(by_hand),
            batches.len() as f64 / f64::from(executions),
            bytes / executions as usize,
            busy.as_secs_f64() * 1e6 / f64::from(executions),
        );
    }
}

/// The processor time of this process, where the system tells it.
fn processor_time() -> Duration {
    /// What the kernel counts in, on every platform that has this file.
    const TICK: Duration = Duration::from_millis(10);
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may have blanks.
    let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok());
    TICK * ticks.sum::<u32>()
}

/// The records of an order of each kind, in the batches in which an engine makes them durable that has nothing else to do.
async fn recorded(open: &impl Fn(&str) -> Arc<Log>) -> Vec<Vec<Vec<u8>>> {
    let mut orders = Vec::new();
    for number in 0..2 {
        let store = Counted::new(open(&format!("recorded-{number}")));
        let engine = Engine::open(store.clone());
        engine.handle(number).await;
        let of_order = |batch: Vec<Record>| {
            let records = batch.into_iter().filter(|record| record.execution > 0);
            records.flat_map(|record| record.bytes).collect::<Vec<u8>>()
        };
        orders.push(store.batches().into_iter().map(of_order).collect());
    }
    orders
}

/// An engine that handles orders, in a shop whose books are printed as soon as that is asked.
struct Engine {
    durable: Durable,
    printing: tokio::task::JoinHandle<()>,
}

impl Engine {
    fn open(store: Counted) -> Self {
        let (printer, mut tokens) = mpsc::unbounded_channel();
        let shop = Shop::new(move |token: &str| drop(printer.send(token.to_owned())));
        let durable = Durable::builder(store).workflow::<OrderFlow, Shop>(Arc::new(shop)).open();
        let durable = durable.expect("the store is empty");
        let shop = durable.clone();
        let printing = tokio::spawn(async move {
            // Books are printed side by side.
            while let Some(token) = tokens.recv().await {
                let shop = shop.clone();
                tokio::spawn(async move {
                    shop.send_task_success(&token, &Print::DONE).await.expect("it waits");
                });
            }
        });
        Self { durable, printing }
    }

    /// Handles an order, now of the one kind, now of the other.
    async fn handle(&self, number: u32) {
        let orders = orders();
        let (_, order) = &orders[number as usize % orders.len()];
        let started = self.durable.start::<OrderFlow>(&number.to_string(), order).await;
        let execution = started.expect("the name is free");
        execution.output::<OrderFlow>().await.expect("every order is handled");
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.printing.abort();
    }
}

/// Runs so many executions, a number of them at a time.
async fn through_engine(store: Counted, at_once: u32, executions: u32) -> Duration {
    let engine = Engine::open(store);
    let start = Instant::now();
    by_hand::at_once(at_once, executions, async |number| engine.handle(number).await).await;
    start.elapsed()
}
