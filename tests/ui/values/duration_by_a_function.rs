use std::time::Duration;

use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), timeout: Duration::from_secs(5), end }
}

fn main() {}
