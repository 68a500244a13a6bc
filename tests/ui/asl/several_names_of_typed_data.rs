use shop::Order;
use workflow_core::{Json, workflow};

workflow! {
    Picked(Order) -> Json;
    asl: {
        "StartAt": "Pick",
        "States": {
            "Pick": { "Type": "Pass", "InputPath": "$['id', 'total']", "End": true }
        }
    }
}

fn main() {}
