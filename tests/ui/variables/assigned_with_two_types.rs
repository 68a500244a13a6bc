use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Keep: Pass { assign: { total: $.total }, next: Again }
    Again: Pass { assign: { total: $.id }, end }
}

fn main() {}
