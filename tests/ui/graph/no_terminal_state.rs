use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Check: Pass { next: Again }
    Again: Pass { next: Check }
}

fn main() {}
