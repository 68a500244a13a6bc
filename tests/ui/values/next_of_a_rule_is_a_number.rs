use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Choice: Choice {
        $.total > 100 => 5,
        _ => Small,
    }
    Small: Succeed {}
}

fn main() {}
