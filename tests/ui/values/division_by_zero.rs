use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Half: Pass { output: $.total / 0, end }
}

fn main() {}
