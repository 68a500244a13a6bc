//! A workflow allocates no more than the same logic by hand.

use benches::orders;
use futures_util::FutureExt;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;

#[test]
fn order_flow_allocates_no_more_than_by_hand() {
    let shop = Shop::default();
    for (name, order) in orders() {
        let given = order.clone();
        let by_hand = allocations(benches::order_flow(&shop, given));
        let workflow = allocations(OrderFlow::run(&shop, order));
        println!("{name}: {by_hand} allocations by hand, {workflow} in the workflow");
        assert!(workflow <= by_hand, "{name}: {workflow} allocations, and {by_hand} by hand");
    }
}

/// How many allocations a future makes that is ready at once.
fn allocations<T>(future: impl Future<Output = T>) -> u64 {
    allocation_counter::measure(|| assert!(future.now_or_never().is_some(), "no task waits"))
        .count_total
}
