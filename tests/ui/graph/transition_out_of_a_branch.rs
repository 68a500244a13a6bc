use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    All: Parallel {
        branches: [{ Check: Task { call: check_inventory($), next: Done } }],
        output: $states.input,
        next: Done,
    }
    Done: Succeed {}
}

fn main() {}
