use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Done: Pass { call: charge($), end }
}

fn main() {}
