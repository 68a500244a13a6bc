use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Keep: Pass { assign: { total: $.total }, output: $total, end }
}

fn main() {}
