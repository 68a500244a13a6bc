use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Make: Pass { output: { total_value: $.total }, end }
}

fn main() {}
