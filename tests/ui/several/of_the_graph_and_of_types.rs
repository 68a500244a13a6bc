// mistakes: 4
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($.order), retry: { error_equals: ["States.ALL", PaymentError::Declined] }, next: Shp }
    Ship: Task { call: ship($.receipt), end }
}

fn main() {}
