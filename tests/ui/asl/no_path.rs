use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "Charge",
        "States": { "Charge": { "Type": "Pass", "Parameters": { "id.$": "id" }, "End": true } }
    }
}

fn main() {}
