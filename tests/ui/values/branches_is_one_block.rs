use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> (Stock,);

    All: Parallel { branches: { Check: Task { call: check_inventory($), end } }, end }
}

fn main() {}
