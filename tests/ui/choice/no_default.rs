use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    IsLarge: Choice { $.total > 100 => Done }
    Done: Succeed {}
}

fn main() {}
