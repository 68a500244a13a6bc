// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Express: Choice { $.express => next: Size, _ => Size }
    Size: Choice { $.total > 100 => Fail { error: "TooMuch" }, _ => Done }
    Done: Succeed {}
}

fn main() {}
