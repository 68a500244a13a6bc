use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Stock;

    CheckInventory: Task { call: check_inventory($), output_path: $.Payload, end }
}

fn main() {}
