use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Done: Succeed { comment: $.id }
}

fn main() {}
