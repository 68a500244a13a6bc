use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Make: Pass { output: Receipt { "TotalValue": $.total }, end }
}

fn main() {}
