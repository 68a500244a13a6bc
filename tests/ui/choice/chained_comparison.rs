use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        5 < $.total < 10 => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
