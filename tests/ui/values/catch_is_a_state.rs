use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), catch: Ship, next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
