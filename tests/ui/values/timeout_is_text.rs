use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), timeout: "5s", next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
