use shop::*;
use workflow_core::workflow;

struct Rates;
struct Shop;

#[workflow_core::task]
async fn price(_rates: &Rates, order: Order) -> u32 {
    order.total
}

workflow! {
    pub OrderFlow(&Shop, Order) -> u32;

    Price: Task { call: price($), end }
}

fn main() {}
