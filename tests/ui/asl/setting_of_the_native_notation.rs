use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;

    timeout: 5s;

    asl: {
        "StartAt": "One",
        "States": { "One": { "Type": "Pass", "End": true } }
    }
}

fn main() {}
