use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    IsExpress: Choice {
        $.express => Charge,
        _ => Chrge,
    }
    Charge: Task { call: charge($), next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
