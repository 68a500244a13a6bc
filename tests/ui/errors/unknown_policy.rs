use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    retry BANK = { error_equals: ["States.ALL"] };

    Charge: Task { call: charge($), retry: BNK, next: Ship }
    Ship: Task { call: ship($), retry: BANK, end }
}

fn main() {}
