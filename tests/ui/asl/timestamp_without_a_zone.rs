use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Pause",
        "States": { "Pause": { "Type": "Wait", "Timestamp": "2026-03-14T01:59:00", "End": true } }
    }
}

fn main() {}
