use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> (Stock,);

    Check: Parallel {
        branches: [{ Check: Task { call: check_inventory($), end } }],
        end,
    }
}

fn main() {}
