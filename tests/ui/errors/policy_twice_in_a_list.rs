use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    retry BANK = { error_equals: ["States.ALL"] };

    Charge: Task { call: charge($), retry: [BANK, BANK], end }
}

fn main() {}
