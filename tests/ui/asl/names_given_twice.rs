// mistakes: 2

use workflow_core::{Json, task, workflow};

#[task]
async fn charge(order: Json) -> Json {
    order
}

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "One",
        "States": {
            "One": { "Type": "Pass", "Next": "Two" },
            "Two": { "Type": "Pass", "End": true },
            "Two": { "Type": "Pass", "End": true }
        }
    }
    resources: { "arn:a" => charge, "arn:a" => charge }
}

fn main() {}
