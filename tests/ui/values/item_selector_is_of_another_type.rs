use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<f64>;

    Weigh: Map {
        items: $.items,
        item_selector: $.id,
        item_processor: { One: Task { call: weigh($), end } },
        end,
    }
}

fn main() {}
