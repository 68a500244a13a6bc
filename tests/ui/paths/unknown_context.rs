use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Id: Pass { output: $$.Execution.Nmae, end }
}

fn main() {}
