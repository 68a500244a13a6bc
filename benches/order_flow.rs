//! Order-flow through `workflow!` beside the same logic by hand, and with a history in memory, in one run.
//!
//! Criterion measures one after the other, and on a machine with neighbours each meets other noise. So their ratio is measured apart:
//! in rounds of a few milliseconds for each, in turn, of whose ratios the median is shown.

use std::hint::black_box;
use std::time::Instant;

use benches::{Desk, orders, shop};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use order_flow::order::Order;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::runtime::Runtime;
use workflow_core::{History, InProcess, TaskTokens};

/// How often each is measured for a ratio, and how many orders it handles each time.
const ROUNDS: usize = 301;
const ORDERS: u32 = 2_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime is built");
    let (desk, tokens) = (Desk::default(), TaskTokens::default());
    let (hand, shop) = (shop(desk.clone()), Shop::printing_at_once(tokens.clone()));
    let engine = InProcess::new(&shop).task_tokens(tokens);
    let by_hand = |order| benches::order_flow(&hand, &desk, order);
    let workflow = |order| engine.run::<OrderFlow>(order);
    let with_history = |order| {
        let engine = engine.clone();
        async move { engine.listener(History::new()).run::<OrderFlow>(order).await }
    };
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("order-flow");
    for (name, order) in orders() {
        measure(&mut group, BenchmarkId::new("by hand", name), &runtime, &order, by_hand);
        measure(&mut group, BenchmarkId::new("workflow", name), &runtime, &order, workflow);
        measure(
            &mut group,
            BenchmarkId::new("with a history", name),
            &runtime,
            &order,
            with_history,
        );
    }
    group.finish();
    criterion.final_summary();
    // Where the benchmarks are only tried, as `cargo test --benches` does, nothing is measured.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("in turn          by hand   workflow  ratio  with a history  ratio");
    for (name, order) in orders() {
        print_medians(name, || {
            [
                time(&runtime, &order, by_hand),
                time(&runtime, &order, workflow),
                time(&runtime, &order, with_history),
            ]
        });
    }
}

/// Has criterion measure how an order is handled.
fn measure<F: Future>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    id: BenchmarkId,
    runtime: &Runtime,
    order: &Order,
    handle: impl Fn(Order) -> F,
) {
    group.bench_function(id, |bencher| {
        bencher.to_async(runtime).iter(|| handle(order.clone()));
    });
}

/// Prints the medians of the rounds for an order: by hand, through the workflow, with a history, and the ratio of each to the one before.
fn print_medians(name: &str, round: impl Fn() -> [f64; 3]) {
    let rounds = (0..ROUNDS).map(|_| {
        let [by_hand, workflow, history] = round();
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
