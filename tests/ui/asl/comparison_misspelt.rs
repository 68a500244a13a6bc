// mistakes: 3

use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "Which",
        "States": {
            "Which": {
                "Type": "Choice",
                "Choices": [
                    { "Variable": "$.n", "NumericGreatherThan": 3, "Next": "Done" },
                    { "Condition": "{% $n > 3 %}", "Next": "Done" },
                    { "Variable": "$.n", "NumericLessThan": 3 }
                ],
                "Default": "Done"
            },
            "Done": { "Type": "Succeed" }
        }
    }
}

fn main() {}
