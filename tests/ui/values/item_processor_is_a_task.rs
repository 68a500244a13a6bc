use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<f64>;

    Weigh: Map { items: $.items, item_processor: weigh, end }
}

fn main() {}
