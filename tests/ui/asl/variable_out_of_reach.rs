use workflow_core::{Json, workflow};

workflow! {
    pub Flow(Json) -> Json;
    asl: {
        "StartAt": "Keep",
        "States": {
            "Keep": { "Type": "Pass", "Assign": { "rate": 2 }, "Next": "Each" },
            "Each": {
                "Type": "Map",
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "One",
                    "States": { "One": { "Type": "Pass", "Parameters": { "rate.$": "$rate" }, "End": true } }
                },
                "End": true
            }
        }
    }
}

fn main() {}
