use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<String>;

    Parts: Pass { output: string_split($.total, ","), end }
}

fn main() {}
