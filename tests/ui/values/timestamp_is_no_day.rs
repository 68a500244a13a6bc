use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { timestamp: "2026-02-29T00:00:00Z", end }
}

fn main() {}
