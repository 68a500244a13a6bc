use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Check: Task { call: check_inventory($), next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
