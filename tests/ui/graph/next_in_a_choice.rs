use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    IsExpress: Choice {
        $.express => Done,
        _ => Done,
        next: Done,
    }
    Done: Succeed {}
}

fn main() {}
