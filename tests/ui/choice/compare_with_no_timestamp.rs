use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Age: Choice {
        $.placedAt < "yesterday" => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
