use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), retry: { error_equals: ["States.ALL"], max_delay: "1m" }, end }
}

fn main() {}
