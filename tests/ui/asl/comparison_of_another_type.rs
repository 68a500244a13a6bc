use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "IsLarge",
        "States": {
            "IsLarge": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.total", "StringEquals": "10", "Next": "Ship" }],
                "Default": "Ship"
            },
            "Ship": { "Type": "Succeed" }
        }
    }
}

fn main() {}
