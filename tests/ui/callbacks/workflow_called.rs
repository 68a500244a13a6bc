use shop::*;
use workflow_core::workflow;

workflow! {
    Inner(Order) -> Receipt;
    Charge: Task { call: charge($), end }
}

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Ask: Task { call: Inner($), wait_for_task_token: Receipt, end }
}

fn main() {}
