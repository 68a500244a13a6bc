use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Done: Succeed {}
    Check: Pass { next: Again }
    Again: Pass { next: Check }
}

fn main() {}
