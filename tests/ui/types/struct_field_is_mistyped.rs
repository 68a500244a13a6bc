use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Make: Pass { output: Receipt { total_value: $.id }, end }
}

fn main() {}
