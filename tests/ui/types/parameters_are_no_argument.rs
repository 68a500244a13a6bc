use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Ship: Task { call: ship, parameters: { "TotalValue": $.id }, end }
}

fn main() {}
