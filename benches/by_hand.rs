//! What a program does to keep its orders durably without an engine: it makes the records of each transition durable, and goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};
use workflow_durable::{Log, Record, Store};

/// A record, and who waits until it is durable.
type Written = (Record, oneshot::Sender<()>);

/// Handles so many orders, a number of them at a time: for each the records of its kind.
pub(crate) async fn run(
    log: Arc<Log>,
    orders: Vec<Vec<Vec<u8>>>,
    at_once: u32,
    executions: u32,
) -> Duration {
    let (writer, queue) = mpsc::unbounded_channel();
    let writing = tokio::task::spawn_blocking(move || write(&log, queue));
    let start = Instant::now();
    self::at_once(at_once, executions, async |number| {
        for bytes in &orders[number as usize % orders.len()] {
            let record = Record { execution: number.into(), bytes: bytes.clone() };
            let (durable, told) = oneshot::channel();
            writer.send((record, durable)).expect("the writer runs");
            told.await.expect("the writer tells");
        }
    })
    .await;
    let time = start.elapsed();
    drop(writer);
    writing.await.expect("the writer ends");
    time
}

/// Writes all that is queued together, until nobody queues any more.
fn write(log: &Log, mut queue: mpsc::UnboundedReceiver<Written>) {
    let mut batch: Vec<Written> = Vec::new();
    while queue.blocking_recv_many(&mut batch, usize::MAX) > 0 {
        let (records, waiting): (Vec<Record>, Vec<_>) = batch.drain(..).unzip();
        log.append(&records).expect("the disk has room");
        // Who waits no more has ended.
        for durable in waiting {
            let _ = durable.send(());
        }
    }
}

/// Does something so many times, a number of them at a time.
pub(crate) async fn at_once(at_once: u32, times: u32, work: impl AsyncFn(u32)) {
    let mut running = FuturesUnordered::new();
    let mut numbers = 0..times;
    running.extend(numbers.by_ref().take(at_once as usize).map(|number| work(number)));
    while running.next().await.is_some() {
        running.extend(numbers.next().map(|number| work(number)));
    }
}
