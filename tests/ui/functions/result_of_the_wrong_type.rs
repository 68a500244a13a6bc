use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Id: Pass { output: uuid(), end }
}

fn main() {}
