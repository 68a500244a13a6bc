use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Wait: Wait { seconds: 1.5, end }
}

fn main() {}
