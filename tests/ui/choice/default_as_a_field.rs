use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.total > 100 => Done,
        default: Done,
    }
    Done: Succeed {}
}

fn main() {}
