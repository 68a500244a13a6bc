use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.total > 100 => Done,
        $.total > 500 => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
