use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Age: Wait { timestamp: $.placed_at, end }
}

fn main() {}
