use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Rest: Wait { seconds: $.id, end }
}

fn main() {}
