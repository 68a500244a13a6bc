use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Age: Choice {
        $.placedAt < "2026-13-01T00:00:00Z" => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
