// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub Count(Order) -> u32;

    Count: Pass { output: array_length($.items), end }
}

workflow! {
    pub Worth(Order) -> f64;

    Worth: Pass { output: $.items[0].price * $.total, end }
}

fn main() {}
