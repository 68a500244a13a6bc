use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), retry: { interval: 2s }, next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
