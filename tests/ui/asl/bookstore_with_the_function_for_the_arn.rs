// mistakes: 1
use shop::*;
use workflow_core::{Json, task, workflow};

#[task]
async fn check_inventory_of(order: Json) -> Stock {
    Stock { item_stock: if order["bookId"] == "343222" { 20 } else { 0 } }
}

workflow! {
    pub Bookstore(Json) -> Json;
    asl: {
        "StartAt": "CheckInventory",
        "States": {
            "CheckInventory": {
                "Type": "Task",
                "Resource": check_inventory_of,
                "OutputPath": "$.Payload",
                "Parameters": { "Payload.$": "$" },
                "End": true
            }
        }
    }
}

fn main() {}
