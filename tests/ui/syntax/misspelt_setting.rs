use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    timeot: 5s;

    Charge: Task { call: charge($), end }
}

fn main() {}
