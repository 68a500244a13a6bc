use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    timeout: 1h;

    Patience: Wait { seconds: 1d, end }
}

fn main() {}
