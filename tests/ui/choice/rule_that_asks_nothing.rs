// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Express: Choice {
        false => Done,
        $.express => Done,
        true => Done,
    }
    Done: Succeed {}
}

fn main() {}
