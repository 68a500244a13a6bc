use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Pause",
        "States": { "Pause": { "Type": "Wait", "Seconds": -1, "End": true } }
    }
}

fn main() {}
