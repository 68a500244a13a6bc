//! Order-flow through `workflow!` beside the same logic by hand, in one run.

use benches::orders;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;

fn order_flow(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime is built");
    let shop = Shop::default();
    let mut group = criterion.benchmark_group("order-flow");
    for (name, order) in orders() {
        group.bench_function(BenchmarkId::new("by hand", name), |bencher| {
            bencher.to_async(&runtime).iter(|| benches::order_flow(&shop, order.clone()));
        });
        group.bench_function(BenchmarkId::new("workflow", name), |bencher| {
            bencher.to_async(&runtime).iter(|| OrderFlow::run(&shop, order.clone()));
        });
    }
    group.finish();
}

criterion_group!(benches, order_flow);
criterion_main!(benches);
