use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.id => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
