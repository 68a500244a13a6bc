use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    Keep: Pass { assign: { $total: $.total }, next: Give }
    Give: Pass { output: $total, end }
}

fn main() {}
