use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Ask: Pass { wait_for_task_token: Receipt, output: Receipt { total_value: 1 }, end }
}

fn main() {}
