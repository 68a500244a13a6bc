use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), timeout: 1m, heartbeat: "5s", end }
}

fn main() {}
