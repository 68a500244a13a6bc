use shop::*;
use workflow_core::{task, workflow};

#[task]
async fn ask(_order: Order, _token: String) {}

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task { call: ask($, $$.Task.Token), output: Receipt { total_value: 1 }, end }
}

fn main() {}
