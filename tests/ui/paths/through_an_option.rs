use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Code: Pass { output: $.coupon.code, end }
}

fn main() {}
