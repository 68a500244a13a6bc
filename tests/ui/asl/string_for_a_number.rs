use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Pause",
        "States": { "Pause": { "Type": "Wait", "Seconds": "10", "End": true } }
    }
}

fn main() {}
