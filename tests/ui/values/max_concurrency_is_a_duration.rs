use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<f64>;

    Weigh: Map {
        items: $.items,
        max_concurrency: 2s,
        item_processor: { One: Task { call: weigh($), end } },
        end,
    }
}

fn main() {}
