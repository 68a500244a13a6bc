use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> Order;
    asl: {
        "StartAt": "Chrge",
        "States": { "Charge": { "Type": "Succeed" } }
    }
}

fn main() {}
