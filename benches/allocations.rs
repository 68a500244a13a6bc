//! A workflow allocates no more than the same logic by hand.

use benches::{Desk, orders, shop};
use futures_util::FutureExt;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use workflow_core::{InProcess, TaskTokens};

#[test]
fn order_flow_allocates_no_more_than_by_hand() {
    let (desk, tokens) = (Desk::default(), TaskTokens::default());
    let (by_hand, shop) = (shop(desk.clone()), Shop::printing_at_once(tokens.clone()));
    let engine = InProcess::new(&shop).task_tokens(tokens);
    for (name, order) in orders() {
        let given = order.clone();
        let by_hand = allocations(benches::order_flow(&by_hand, &desk, given));
        let workflow = allocations(engine.run::<OrderFlow>(order));
        println!("{name}: {by_hand} allocations by hand, {workflow} in the workflow");
        assert!(workflow <= by_hand, "{name}: {workflow} allocations, and {by_hand} by hand");
    }
}

/// How many allocations a future makes that is ready at once.
fn allocations<T>(future: impl Future<Output = T>) -> u64 {
    allocation_counter::measure(|| assert!(future.now_or_never().is_some(), "no task waits"))
        .count_total
}
