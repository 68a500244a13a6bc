use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Item;

    First: Pass { output: $.items["0"], end }
}

fn main() {}
