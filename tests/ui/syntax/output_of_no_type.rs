use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> ;

    Charge: Task { call: charge($), end }
}

fn main() {}
