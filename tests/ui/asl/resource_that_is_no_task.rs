use workflow_core::{Json, workflow};

async fn charge(order: Json) -> Json {
    order
}

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "Charge",
        "States": { "Charge": { "Type": "Task", "Resource": "arn:charge", "End": true } }
    }
    resources: { "arn:charge" => charge }
}

fn main() {}
