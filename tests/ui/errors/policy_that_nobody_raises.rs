use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    retry BANK = { error_equals: ["Bank.Closed"] };

    Charge: Task { call: charge($), retry: BANK, next: Ship }
    Ship: Task { call: ship($), retry: BANK, end }
}

fn main() {}
