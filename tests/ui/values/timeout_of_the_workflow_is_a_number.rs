use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;
    timeout: 60;

    Charge: Task { call: charge($), end }
}

fn main() {}
