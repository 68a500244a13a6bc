use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Stock;

    Check: Task { call: check_inventory($), retry: { error_equals: [PaymentError::Declined] }, end }
}

fn main() {}
