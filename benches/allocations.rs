//! A workflow allocates no more than the same logic by hand.

use benches::orders;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;

#[test]
fn order_flow_allocates_no_more_than_by_hand() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime is built");
    let shop = Shop::default();
    for (name, order) in orders() {
        let given = order.clone();
        let by_hand = allocation_counter::measure(|| {
            drop(runtime.block_on(benches::order_flow(&shop, given)))
        });
        let workflow =
            allocation_counter::measure(|| drop(runtime.block_on(OrderFlow::run(&shop, order))));
        println!(
            "{name}: {} allocations by hand, {} in the workflow",
            by_hand.count_total, workflow.count_total
        );
        assert!(workflow.count_total <= by_hand.count_total, "{name}");
    }
}
