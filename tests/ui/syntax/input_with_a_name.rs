use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(order: Order) -> Receipt;

    Charge: Task { call: charge($), end }
}

fn main() {}
