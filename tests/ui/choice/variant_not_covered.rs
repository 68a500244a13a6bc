use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Route: Choice {
        $.status == Status::Open => Done,
        $.status == Status::Paid => Done,
    }
    Done: Succeed {}
}

fn main() {}
