use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Charge",
        "States": { "Charge": { "Type": "Pass", "ResultPth": "$.id", "End": true } }
    }
}

fn main() {}
