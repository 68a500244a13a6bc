//! Durable order-flow beside the same written by hand, in one run: `cargo bench -p benches --bench durable`.
//!
//! Executions go through the engine, each transition durable, so many at a time. Beside it stands the same on the same log by hand: the
//! tasks, their branches and retries, what is noted of them, and one writer that writes all that is queued together. By hand nothing is
//! listed, found or described, no name is held to be free, and nothing can go on after a crash. What the neighbours do is in both. Beside
//! the rates stand counts that no noise touches: the syncs and the bytes of an execution.

mod by_hand;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use benches::orders;
use by_hand::Books;
use order_flow::order::{Order, Print};
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use workflow_durable::{Durable, Log, Position, Record, Store, StoreError};

/// The bytes that the log puts before each record: the number of its execution, its length, and a checksum. What stands before a batch
/// is left out.
const BEFORE_RECORD: usize = size_of::<u64>() + 2 * size_of::<u32>();

/// How often each is measured, in turn; the round with the median of the ratios is shown.
const ROUNDS: usize = 5;

/// A log that counts what it is given.
#[derive(Clone)]
struct Counted {
    log: Arc<Log>,
    /// Each is written with a sync.
    batches: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

impl Counted {
    fn new(log: Log) -> Self {
        Self { log: Arc::new(log), batches: Arc::default(), bytes: Arc::default() }
    }
}

impl Store for Counted {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        let bytes: usize = records.iter().map(|record| BEFORE_RECORD + record.bytes.len()).sum();
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
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
        "{:>8} {:>14} {:>6} {:>6} {:>5} {:>14} {:>6} {:>6} {:>5} {:>6}",
        "at once",
        "executions/s",
        "syncs",
        "bytes",
        "µs",
        "by hand/s",
        "syncs",
        "bytes",
        "µs",
        "ratio"
    );
    for (at_once, executions) in [(1, 400), (64, 8_000), (1024, 16_000)] {
        let mut rounds: Vec<(Measured, Measured)> = Vec::new();
        for _ in 0..ROUNDS {
            let directory = tempfile::tempdir_in(&folder).expect("a folder can be made");
            let open = |name: &str| {
                Counted::new(Log::open(directory.path().join(name)).expect("a log can be made"))
            };
            let engine = measured(executions, open("engine"), |store| {
                runtime.block_on(through_engine(store, at_once, executions))
            });
            let by_hand = measured(executions, open("by-hand"), |store| {
                runtime.block_on(by_hand(store, at_once, executions))
            });
            rounds.push((engine, by_hand));
        }
        rounds.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
        let median = &rounds[ROUNDS / 2];
        println!("{at_once:>8} {} {} {:>6.2}", median.0, median.1, ratio(median));
    }
}

/// How fast the engine is beside the same by hand.
fn ratio((engine, by_hand): &(Measured, Measured)) -> f64 {
    engine.rate / by_hand.rate
}

/// What was measured of executions. Processor time is in microseconds for each of them.
struct Measured {
    rate: f64,
    syncs: f64,
    bytes: f64,
    busy: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rate, syncs, bytes, busy } = self;
        write!(f, "{rate:>14.0} {syncs:>6.2} {bytes:>6.0} {busy:>5.0}")
    }
}

/// Runs executions on a store.
fn measured(executions: u32, store: Counted, run: impl FnOnce(Counted) -> Duration) -> Measured {
    let before = processor_time();
    let time = run(store.clone());
    let busy = processor_time() - before;
    let each = |count: f64| count / f64::from(executions);
    let batches = store.batches.load(Ordering::Relaxed);
    let bytes = store.bytes.load(Ordering::Relaxed);
    Measured {
        rate: f64::from(executions) / time.as_secs_f64(),
        syncs: each(batches as f64),
        bytes: each(bytes as f64),
        busy: each(busy.as_secs_f64() * 1e6),
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

    async fn handle(&self, number: u32) {
        let started = self.durable.start::<OrderFlow>(&number.to_string(), &order(number)).await;
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
    let engine = Arc::new(Engine::open(store));
    self::at_once(at_once, executions, move |number| {
        let engine = Arc::clone(&engine);
        async move { engine.handle(number).await }
    })
    .await
}

/// The same by hand.
async fn by_hand(store: Counted, at_once: u32, executions: u32) -> Duration {
    let (books, writing) = Books::open(store);
    let books = Arc::new(books);
    let time = self::at_once(at_once, executions, move |number| {
        let books = Arc::clone(&books);
        async move {
            let handled = books.handle(number, &order(number)).await;
            handled.expect("every order is handled");
        }
    })
    .await;
    writing.await.expect("the writer ends");
    time
}

/// Does something so many times, a number of them at a time, each in a task of its own; returns how long that takes.
async fn at_once<F>(at_once: u32, times: u32, work: impl Fn(u32) -> F + Send + 'static) -> Duration
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    // On a thread of the runtime, as where a server takes orders: another one would be woken for each that ends.
    let driving = tokio::spawn(async move {
        let mut running = JoinSet::new();
        for number in 0..times {
            if running.len() >= at_once as usize {
                running.join_next().await.expect("some run").expect("none panics");
            }
            running.spawn(work(number));
        }
        running.join_all().await;
    });
    driving.await.expect("none panics");
    start.elapsed()
}

/// An order, now of the one kind, now of the other.
fn order(number: u32) -> Order {
    let [(_, from_stock), (_, printed)] = orders();
    if number.is_multiple_of(2) { from_stock } else { printed }
}
