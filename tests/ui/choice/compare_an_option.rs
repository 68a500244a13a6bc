use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.coupon == "X" => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
