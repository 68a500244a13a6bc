use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Wait: Wait { timestamp: 5s, end }
}

fn main() {}
