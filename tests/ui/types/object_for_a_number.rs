use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Make: Pass { output: { "total": $.total }, end }
}

fn main() {}
