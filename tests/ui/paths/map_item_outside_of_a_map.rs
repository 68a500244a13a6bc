use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> usize;

    Index: Pass { output: $$.Map.Item.Index, end }
}

fn main() {}
