use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    IsExpress: Choice {
        $.express => CheckInventory,
        _ => Charge,
    }
    CheckInventory: Task { call: check_inventory($), next: Ship }
    Charge: Task { call: charge($), next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
