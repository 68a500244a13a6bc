use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        string_matches($.total, "1*") => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
