use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "Charge",
        "States": {
            "Charge": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": { "FunctionName": "chargeCard", "Payload.$": "$" },
                "End": true
            }
        }
    }
}

fn main() {}
