// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Keep",
        "States": {
            "Keep": { "Type": "Pass", "Assign": { "total-value.$": "$.total", "x²": 1 }, "End": true }
        }
    }
}

fn main() {}
