use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Keep: Pass { assign: { states: $.total }, end }
}

fn main() {}
