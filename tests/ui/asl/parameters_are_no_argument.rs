use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;
    asl: {
        "StartAt": "Ship",
        "States": {
            "Ship": { "Type": "Task", "Resource": ship, "Parameters": { "Total.$": "$.total" }, "End": true }
        }
    }
}

fn main() {}
