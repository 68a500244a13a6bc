use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;
    start_at: Chrge;

    Charge: Task { call: charge($), next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
