use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    asl: {
        "StartAt": "Charge",
        "States": { "Charge": { "Type": "Task", "Resource": "charge", "End": true } }
    }
}

fn main() {}
