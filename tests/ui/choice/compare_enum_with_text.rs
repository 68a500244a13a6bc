use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Route: Choice {
        $.status == "Paid" => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
