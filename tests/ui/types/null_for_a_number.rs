use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Make: Pass { output: { "TotalValue": null }, end }
}

fn main() {}
