use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Route: Choice {
        $.status == Status::Payed => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
