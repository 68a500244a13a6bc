use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Stop: Fail { error: 5 }
}

fn main() {}
