use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.express => Done,
        $.express => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
