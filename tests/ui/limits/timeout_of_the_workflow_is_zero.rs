use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    timeout: 0s;

    Done: Succeed {}
}

fn main() {}
