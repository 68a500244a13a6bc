use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;
    start_at: 1;

    Charge: Task { call: charge($), end }
}

fn main() {}
