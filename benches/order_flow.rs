//! Order-flow through `workflow!` beside the same logic by hand, and with a history in memory, in one run.

use benches::{Desk, orders, shop};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use workflow_core::{History, InProcess, TaskTokens};

fn order_flow(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime is built");
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

criterion_group!(benches, order_flow);
criterion_main!(benches);
