use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    retry BUSY: { error_equals: [PaymentError::Busy] };

    Charge: Task { call: charge($), retry: BUSY, end }
}

fn main() {}
