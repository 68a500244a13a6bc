// mistakes: 3

use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "A",
        "States": {
            "A": { "Type": "Pass", "Next": "Z" },
            "B": { "Type": "Pass", "Next": "C" },
            "C": { "Type": "Parallel", "Branches": [], "ResultPath": "$.a[*]", "End": true }
        }
    }
}

fn main() {}
