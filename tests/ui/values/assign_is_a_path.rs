use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Keep: Pass { assign: $.total, end }
}

fn main() {}
