use shop::*;
use workflow_core::{TaskContext, task, workflow};

#[task]
async fn ask_by_context(_order: Order, _context: TaskContext) {}

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Ask: Task { call: ask_by_context($), wait_for_task_token: Receipt, output_path: $.Payload, end }
}

fn main() {}
