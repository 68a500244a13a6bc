use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Check: Pass { next: Ch }

    Ch: Task

    Charge: Task { call: charge($), end }
}

fn main() {}
