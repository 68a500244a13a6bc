use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "One",
        "States": { "One": { "Type": "Pass", "Result": 1e400, "End": true } }
    }
}

fn main() {}
