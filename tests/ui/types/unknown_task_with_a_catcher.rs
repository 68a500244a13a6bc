use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: chrage($), catch: { error_equals: ["States.ALL"], output: 5, next: Stop }, end }
    Stop: Fail { error: "Stopped" }
}

fn main() {}
