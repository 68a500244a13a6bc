use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "Charge",
        "States": { "Charge": { "Type": "Pass", "Parameters": { "id.$": "$.orderId" }, "End": true } }
    }
}

fn main() {}
