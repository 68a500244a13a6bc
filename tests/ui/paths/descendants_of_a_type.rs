use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<f64>;

    Prices: Pass { output: $..price, end }
}

fn main() {}
