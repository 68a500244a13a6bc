use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Pass: Pass { result: { "TotalValue": "much" }, end }
}

fn main() {}
