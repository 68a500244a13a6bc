use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { seconds: 5min, end }
}

fn main() {}
