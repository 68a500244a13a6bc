use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> f64;

    Price: Pass { output: @.price, end }
}

fn main() {}
