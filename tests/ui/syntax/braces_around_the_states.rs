use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt {
        Charge: Task { call: charge($), end }
    }
}

fn main() {}
