//! Order-flow through `workflow!` beside the same logic by hand, and with a history in memory, in one run.
//!
//! Criterion measures one after the other, and on a machine with neighbours each meets other noise. So their ratio is measured apart:
//! in rounds of a few milliseconds for each, in turn, of whose ratios the median is shown.

use std::hint::black_box;
use std::time::Instant;

use benches::{Desk, orders, shop};
use criterion::{BenchmarkId, Criterion, criterion_group};
use order_flow::order::Order;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::runtime::Runtime;
use workflow_core::{History, InProcess, TaskTokens};

/// How often each is measured for a ratio, and how many orders it handles each time.
const ROUNDS: usize = 301;
const ORDERS: u32 = 2_000;

fn order_flow(criterion: &mut Criterion) {
    let runtime = runtime();
    let (desk, tokens) = (Desk::default(), TaskTokens::default());
    let (by_hand, shop) = (shop(desk.clone()), Shop::printing_at_once(tokens.clone()));
    let engine = InProcess::new(&shop).task_tokens(tokens);
    let mut group = criterion.benchmark_group("order-flow");
    for (name, order) in orders() {
        group.bench_function(BenchmarkId::new("by hand", name), |bencher| {
            bencher.to_async(&runtime).iter(|| benches::order_flow(&by_hand, &desk, order.clone()));
        });
        group.bench_function(BenchmarkId::new("workflow", name), |bencher| {
            bencher.to_async(&runtime).iter(|| engine.run::<OrderFlow>(order.clone()));
        });
        group.bench_function(BenchmarkId::new("with a history", name), |bencher| {
            bencher.to_async(&runtime).iter(|| {
                let (engine, order) = (engine.clone(), order.clone());
                async move { engine.listener(History::new()).run::<OrderFlow>(order).await }
            });
        });
    }
    group.finish();
}

/// Prints the ratios of the workflow to what is by hand, and of its run with a history to its run.
fn ratios() {
    let runtime = runtime();
    let (desk, tokens) = (Desk::default(), TaskTokens::default());
    let (by_hand, shop) = (shop(desk.clone()), Shop::printing_at_once(tokens.clone()));
    let engine = InProcess::new(&shop).task_tokens(tokens);
    println!("in turn          by hand   workflow  ratio  with a history  ratio");
    for (name, order) in orders() {
        let rounds = (0..ROUNDS).map(|_| {
            let by_hand =
                time(&runtime, &order, |order| benches::order_flow(&by_hand, &desk, order));
            let workflow = time(&runtime, &order, |order| engine.run::<OrderFlow>(order));
            let history = time(&runtime, &order, |order| {
                let engine = engine.clone();
                async move { engine.listener(History::new()).run::<OrderFlow>(order).await }
            });
            [by_hand, workflow, workflow / by_hand, history, history / workflow]
        });
        let rounds: Vec<[f64; 5]> = rounds.collect();
        let [by_hand, workflow, ratio, history, more] = [0, 1, 2, 3, 4].map(|column| {
            let mut values: Vec<f64> = rounds.iter().map(|round| round[column]).collect();
            values.sort_by(f64::total_cmp);
            values[ROUNDS / 2]
        });
        println!(
            "{name:<14} {by_hand:>6.0} ns  {workflow:>6.0} ns  {ratio:>5.2}  {history:>11.0} ns  {more:>5.1}"
        );
    }
}

/// Nanoseconds for an order, of many one after the other. Some go before that, for whom the caches still hold what ran last.
fn time<T, E, F: Future<Output = Result<T, E>>>(
    runtime: &Runtime,
    order: &Order,
    handle: impl Fn(Order) -> F,
) -> f64 {
    runtime.block_on(async {
        let handle_all = async |number| {
            for _ in 0..number {
                let handled = black_box(handle(order.clone()).await);
                assert!(handled.is_ok(), "every order is handled");
            }
        };
        handle_all(ORDERS / 4).await;
        let start = Instant::now();
        handle_all(ORDERS).await;
        start.elapsed().as_secs_f64() * 1e9 / f64::from(ORDERS)
    })
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime is built")
}

criterion_group!(benches, order_flow);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    // Where the benchmarks are only tried, as `cargo test --benches` does, nothing is measured.
    if std::env::args().any(|argument| argument == "--bench") {
        ratios();
    }
}
