use shop::*;
use workflow_core::{task, workflow};

#[task]
async fn ask(_order: Order, _token: String) {}

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Ask: Task { call: ask($, $$.Task.Token), wait_for_task_token, end }
}

fn main() {}
