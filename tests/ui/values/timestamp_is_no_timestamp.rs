use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { timestamp: "tomorrow", end }
}

fn main() {}
