use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    IsExpress: Choice {}
}

fn main() {}
