//! Durable order-flow beside the store alone, in one run: `cargo bench -p benches --bench durable`.
//!
//! Executions go through the engine, each transition durable, so many at a time; the records that this gives are then written again,
//! in the same batches, by nothing but the store. So what the disk does and what the neighbours do is in both. Beside the rates
//! stand counts that no noise touches: the syncs and the bytes of an execution.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use benches::orders;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use order_flow::order::Print;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::sync::mpsc;
use workflow_durable::{Durable, Log, Position, Record, Store, StoreError};

/// The bytes that the log puts before each record: the number of its execution, its length, and a checksum. What stands before a batch
/// is left out.
const BEFORE_RECORD: usize = size_of::<u64>() + 2 * size_of::<u32>();

/// A log that counts what it is given, and keeps it.
#[derive(Clone)]
struct Counted {
    log: Arc<Log>,
    syncs: Arc<AtomicU64>,
    batches: Arc<Mutex<Vec<Vec<Record>>>>,
}

impl Store for Counted {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
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
    println!(
        "{:>8} {:>14} {:>14} {:>7} {:>10} {:>10}",
        "at once", "executions/s", "store alone/s", "ratio", "syncs", "bytes"
    );
    for (at_once, executions) in [(1, 400), (64, 8_000), (1024, 16_000)] {
        let directory = tempfile::tempdir_in(&folder).expect("a folder can be made");
        let log = Log::open(directory.path().join("engine")).expect("a log can be made");
        let store = Counted { log: Arc::new(log), syncs: Arc::default(), batches: Arc::default() };
        let engine = through_engine(store.clone(), at_once, executions);
        let batches =
            std::mem::take(&mut *store.batches.lock().unwrap_or_else(PoisonError::into_inner));
        let alone = through_store(&directory.path().join("alone"), &batches);
        let records = batches.iter().flatten();
        let bytes: usize = records.map(|record| BEFORE_RECORD + record.bytes.len()).sum();
        let rate = |time: Duration| f64::from(executions) / time.as_secs_f64();
        println!(
            "{at_once:>8} {:>14.0} {:>14.0} {:>7.2} {:>10.2} {:>10}",
            rate(engine),
            rate(alone),
            rate(engine) / rate(alone),
            store.syncs.load(Ordering::Relaxed) as f64 / f64::from(executions),
            bytes / executions as usize,
        );
    }
}

/// Runs so many executions, a number of them at a time.
fn through_engine(store: Counted, at_once: u32, executions: u32) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(async {
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
        let orders = orders();
        let one = async |number: u32| {
            let (_, order) = &orders[number as usize % orders.len()];
            let started = durable.start::<OrderFlow>(&number.to_string(), order).await;
            let execution = started.expect("the name is free");
            execution.output::<OrderFlow>().await.expect("every order is handled");
        };
        let start = Instant::now();
        let mut running = FuturesUnordered::new();
        let mut numbers = 0..executions;
        running.extend(numbers.by_ref().take(at_once as usize).map(one));
        while running.next().await.is_some() {
            running.extend(numbers.next().map(one));
        }
        printing.abort();
        start.elapsed()
    })
}

/// Writes batches to a log.
fn through_store(directory: &Path, batches: &[Vec<Record>]) -> Duration {
    let log = Log::open(directory).expect("a log can be made");
    let start = Instant::now();
    for batch in batches {
        log.append(batch).expect("the disk has room");
    }
    start.elapsed()
}
