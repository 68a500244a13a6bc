use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<f64>;

    Weigh: Map { item_processor: { Weight: Task { call: weigh($), end } }, end }
}

fn main() {}
