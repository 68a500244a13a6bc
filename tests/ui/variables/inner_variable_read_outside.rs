use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    All: Parallel { branches: [{ Inside: Pass { assign: { total: $.total }, end } }], next: Done }
    Done: Pass { output: $total, end }
}

fn main() {}
