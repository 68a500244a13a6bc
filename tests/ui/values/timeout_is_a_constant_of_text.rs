use std::time::Duration;

use shop::*;
use workflow_core::workflow;

const PATIENCE: Duration = Duration::from_secs(30);
const LIMIT: &str = "30s";

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), timeout: LIMIT, heartbeat: PATIENCE, end }
}

fn main() {}
