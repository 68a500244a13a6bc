// mistakes: 3
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.total = 100 => Done,
        $.express and $.total > 10 => Done,
        $.express | $.total > 10 => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
