use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    export: 5;

    Charge: Task { call: charge($), end }
}

fn main() {}
