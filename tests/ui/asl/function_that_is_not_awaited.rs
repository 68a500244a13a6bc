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
                "Parameters": { "FunctionName": "charge", "InvocationType": "Event", "Payload.$": "$" },
                "End": true
            }
        }
    }
    resources: { "charge" => charge }
}

fn main() {
    let _: Option<lambda::Invoke<Json>> = None;
}
