use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Pass { output: charge($), end }
}

fn main() {}
