use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow() -> Order;

    Done: Succeed {}
}

fn main() {}
