use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), catch: { error_equals: ["States.ALL"], assign: $.id, next: Failed }, end }
    Failed: Fail { error: "Order.Failed" }
}

fn main() {}
