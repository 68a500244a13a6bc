use shop::*;
use workflow_core::workflow;

const LIMIT: &str = "10";

workflow! {
    pub OrderFlow(Order) -> Order;

    IsLarge: Choice {
        $.total > LIMIT => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
