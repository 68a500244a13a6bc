use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), retry: { error_equals: ["States.ALL"], max_attempts: 2.5 }, end }
}

fn main() {}
