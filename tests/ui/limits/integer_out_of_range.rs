use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Make: Pass { output: { "TotalValue": 5000000000 }, end }
}

fn main() {}
