// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), retry: { error_equals: [PaymentError::Declined(3)] }, catch: { error_equals: ["States.ALL"], next: Refused }, end }
    Refused: Fail { error: PaymentError::Declined("no cash") }
}

fn main() {}
