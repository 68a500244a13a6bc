use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: charge($), wait_for_task_token: Receipt, end }
}

fn main() {}
