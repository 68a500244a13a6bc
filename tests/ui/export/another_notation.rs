use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;

    export: json;

    Done: Succeed {}
}

fn main() {}
