use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Total: Pass { output: $total, end }
}

fn main() {}
