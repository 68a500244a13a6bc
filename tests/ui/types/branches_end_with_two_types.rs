use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> (Stock,);

    All: Parallel {
        branches: [{
            IsExpress: Choice {
                $.express => Check,
                _ => Charge,
            }
            Check: Task { call: check_inventory($), end }
            Charge: Task { call: charge($), end }
        }],
        end,
    }
}

fn main() {}
