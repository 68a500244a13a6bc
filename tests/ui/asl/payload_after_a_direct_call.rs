use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Stock;
    asl: {
        "StartAt": "CheckInventory",
        "States": {
            "CheckInventory": {
                "Type": "Task",
                "Resource": check_inventory,
                "OutputPath": "$.Payload",
                "End": true
            }
        }
    }
}

fn main() {}
