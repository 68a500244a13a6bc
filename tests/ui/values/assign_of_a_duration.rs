use std::time::Duration;

use shop::*;
use workflow_core::workflow;

const PATIENCE: Duration = Duration::from_secs(30);

workflow! {
    pub OrderFlow(Order) -> Order;

    Patience: Pass { assign: { patience: PATIENCE }, end }
}

fn main() {}
