use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { timestamp: $.total, end }
}

fn main() {}
