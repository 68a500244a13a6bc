use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Choice: Choice {
        $.total > 100 => Large,
        _
    }
    Large: Succeed {}
}

fn main() {}
