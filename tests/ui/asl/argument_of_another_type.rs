use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "Ship",
        "States": { "Ship": { "Type": "Task", "Resource": ship, "InputPath": "$.id", "End": true } }
    }
}

fn main() {}
