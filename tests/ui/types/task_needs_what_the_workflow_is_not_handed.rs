use shop::*;
use workflow_core::workflow;

struct Rates;

#[workflow_core::task]
async fn price(_rates: &Rates, order: Order) -> u32 {
    order.total
}

workflow! {
    pub OrderFlow(Order) -> u32;

    Price: Task { call: price($), end }
}

fn main() {}
