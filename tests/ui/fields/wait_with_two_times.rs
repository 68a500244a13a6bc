use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { seconds: 5, timestamp: $.placedAt, end }
}

fn main() {}
