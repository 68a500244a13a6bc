// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), next }
    Ship: Pass { output: Parcel { number }, end }
}

fn main() {}
