use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> i64;

    Sum: Pass { output: math_add($.total), end }
}

fn main() {}
