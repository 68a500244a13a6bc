use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> (Order,);

    Keep: Pass { assign: { total: $.total }, next: All }
    All: Parallel { branches: [{ Inside: Pass { assign: { total: $.total }, end } }], end }
}

fn main() {}
