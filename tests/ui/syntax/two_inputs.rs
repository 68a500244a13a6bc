use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order, Card) -> Order;

    Done: Succeed {}
}

fn main() {}
