use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Sum: Pass { output: $.total + $.id, end }
}

fn main() {}
