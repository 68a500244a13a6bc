use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: "flow.asl.json";
}

fn main() {}
