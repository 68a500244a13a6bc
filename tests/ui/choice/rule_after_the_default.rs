use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        _ => Done,
        $.express => Done,
    }
    Done: Succeed {}
}

fn main() {}
