use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "Charge",
        "States": {
            "Charge": {
                "Type": "Task",
                "Resource": charge,
                "Retry": [
                    { "ErrorEquals": ["States.ALL"] },
                    { "ErrorEquals": ["States.Timeout"] }
                ],
                "End": true
            }
        }
    }
}

fn main() {}
