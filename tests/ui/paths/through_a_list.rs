use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Name: Pass { output: $.items.name, end }
}

fn main() {}
