use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    retry LAMBDA = "States.Timeout";

    Charge: Task { call: charge($), retry: LAMBDA, end }
}

fn main() {}
