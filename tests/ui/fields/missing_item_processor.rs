use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Weigh: Map { items: $.items, end }
}

fn main() {}
