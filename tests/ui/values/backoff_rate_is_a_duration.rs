use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), retry: { error_equals: ["States.ALL"], backoff_rate: 2s }, end }
}

fn main() {}
