use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Status;

    Make: Pass { output: "payed", end }
}

fn main() {}
