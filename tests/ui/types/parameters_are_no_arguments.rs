use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge_card, parameters: { "order": $, "crd": { "number": $.id } }, end }
}

fn main() {}
