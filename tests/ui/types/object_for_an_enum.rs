use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Status;

    Paid: Pass { output: { "Paid": {} }, end }
}

fn main() {}
