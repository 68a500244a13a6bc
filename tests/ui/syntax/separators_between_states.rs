// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), next: Ship },
    Ship: Task { call: ship($), end };
}

fn main() {}
