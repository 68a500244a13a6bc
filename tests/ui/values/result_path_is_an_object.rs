use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Charge: Task { call: charge($), result_path: { "receipt": $ }, end }
}

fn main() {}
