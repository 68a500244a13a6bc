use shop::*;
use workflow_core::{Json, task, workflow};

#[task]
async fn check_inventory_of(order: Order) -> Stock {
    Stock { item_stock: if order.id == "343222" { 20 } else { 0 } }
}

#[task]
async fn order_to_print(_stock: Stock) -> Receipt {
    Receipt { total_value: 500 }
}

#[task]
async fn update_loyalty_points(sale: Receipt) -> u32 {
    sale.total_value
}

workflow! {
    pub Bookstore(Order) -> Json;
    asl: {
        "StartAt": "CheckInventory",
        "States": {
            "CheckInventory": {
                "Type": "Task",
                "Resource": lambda::invoke(check_inventory_of),
                "OutputPath": "$.Payload",
                "Parameters": { "Payload.$": "$" },
                "Next": "Choice"
            },
            "Choice": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.ItemStock", "NumericGreaterThan": 0, "Next": "Pass" }],
                "Default": "OrderPrint"
            },
            "Pass": { "Type": "Pass", "Next": "UpdateLoyaltyPoints" },
            "OrderPrint": {
                "Type": "Task",
                "Resource": lambda::invoke(order_to_print),
                "OutputPath": "$.Payload",
                "Parameters": { "Payload.$": "$" },
                "Next": "UpdateLoyaltyPoints"
            },
            "UpdateLoyaltyPoints": {
                "Type": "Task",
                "Resource": lambda::invoke(update_loyalty_points),
                "OutputPath": "$.Payload",
                "Parameters": { "Payload.$": "$" },
                "End": true
            }
        }
    }
}

fn main() {}
