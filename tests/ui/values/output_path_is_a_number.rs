use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), output_path: 5, end }
}

fn main() {}
