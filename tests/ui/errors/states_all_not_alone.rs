use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), retry: { error_equals: ["States.ALL", PaymentError::Declined] }, next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
