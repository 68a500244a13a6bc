use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<Item>;

    Dear: Pass { output: $.items[?(@.prize > 10.0)], end }
}

fn main() {}
