use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), catch: { error_equals: ["States.ALL"], next: 5 }, end }
}

fn main() {}
