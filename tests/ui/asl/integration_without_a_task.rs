// mistakes: 2

use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "A",
        "States": {
            "A": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "Next": "B" },
            "B": { "Type": "Pass", "Parameters": { "a.$": "States.Format('{}', $.a" }, "End": true }
        }
    }
}

fn main() {}
