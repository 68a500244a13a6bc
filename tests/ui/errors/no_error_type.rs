use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), retry: { error_equals: [Status::Paid] }, end }
}

fn main() {}
