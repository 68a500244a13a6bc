use shop::*;
use workflow_core::{Json, workflow};

#[workflow_core::task]
async fn print(_stock: Stock) -> Receipt {
    Receipt { total_value: 500 }
}

workflow! {
    pub Flow(Order) -> Json;
    asl: {
        "StartAt": "CheckInventory",
        "States": {
            "CheckInventory": { "Type": "Task", "Resource": check_inventory, "Next": "IsInStock" },
            "IsInStock": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.ItemStock", "NumericGreaterThan": 0, "Next": "Done" }],
                "Default": "Print"
            },
            "Print": { "Type": "Task", "Resource": print, "Next": "Done" },
            "Done": { "Type": "Succeed" }
        }
    }
}

fn main() {}
