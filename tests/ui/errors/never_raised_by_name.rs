use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), retry: { error_equals: ["PaymentError.Declned"] }, next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
