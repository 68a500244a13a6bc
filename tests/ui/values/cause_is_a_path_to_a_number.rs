use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Stop: Fail { error: "Stopped", cause: $.total }
}

fn main() {}
