use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Text: Pass { output: "total: " + $.total, end }
}

fn main() {}
