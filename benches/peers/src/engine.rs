//! What an engine does here, and how long it takes.

use std::error::Error;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use order_flow::order::{Handled, Order};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::bookstore;

/// Why something could not be measured.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// An engine with an empty store, which handles orders durably.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Handles an order in an execution of a name, and returns what came of it.
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure>;

    /// Stops whatever runs in the background.
    async fn shut_down(self);
}

/// Handles so many orders, a number of them at a time, and returns how long that takes.
///
/// As many as are handled at once are handled before the clock starts, so that connections are open and statements prepared.
pub(crate) async fn measure<E: Engine>(
    engine: E,
    at_once: u32,
    executions: u32,
) -> Result<Duration, Failure> {
    let engine = Arc::new(engine);
    handle_all(&engine, at_once, 0..at_once).await?;
    let start = Instant::now();
    handle_all(&engine, at_once, at_once..at_once + executions).await?;
    let elapsed = start.elapsed();
    let engine = Arc::into_inner(engine).expect("every order is handled");
    engine.shut_down().await;
    Ok(elapsed)
}

/// Handles the orders of these numbers. So many customers, shared out among threads, place one after the other.
async fn handle_all<E: Engine>(
    engine: &Arc<E>,
    customers: u32,
    numbers: Range<u32>,
) -> Result<(), Failure> {
    let next = Arc::new(AtomicU32::new(numbers.start));
    let cores = std::thread::available_parallelism()?.get().try_into()?;
    let threads = customers.min(cores);
    let mut running = JoinSet::new();
    for thread in 0..threads {
        let (engine, next) = (Arc::clone(engine), Arc::clone(&next));
        let customers = (thread..customers).step_by(threads as usize);
        let customers = customers.map(move |_| (Arc::clone(&engine), Arc::clone(&next)));
        // The futures of some engines cannot be sent to another thread.
        running.spawn_blocking(move || {
            let customers = customers.map(|(engine, next)| customer(engine, next, numbers.end));
            Handle::current().block_on(try_join_all(customers))
        });
    }
    while let Some(customers) = running.join_next().await {
        customers??;
    }
    Ok(())
}

/// Has orders handled, one after the other, until there are no more.
async fn customer<E: Engine>(
    engine: Arc<E>,
    next: Arc<AtomicU32>,
    end: u32,
) -> Result<(), Failure> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(());
        }
        handle(&*engine, number).await?;
    }
}

/// Handles the order of a number, and fails where something else comes of it than should.
async fn handle<E: Engine>(engine: &E, number: u32) -> Result<(), Failure> {
    let handled = engine.handle(&format!("order-{number}"), bookstore::order(number)).await?;
    if handled == bookstore::handled(number) {
        Ok(())
    } else {
        Err(format!("order {number} was handled wrongly: {handled:?}").into())
    }
}
