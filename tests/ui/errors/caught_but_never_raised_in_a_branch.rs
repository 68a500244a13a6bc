use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> (Stock,);

    All: Parallel {
        branches: [{ Check: Task { call: check_inventory($), end } }],
        catch: { error_equals: [PaymentError::Declined], next: Stop },
        end,
    }
    Stop: Fail { error: "Stopped" }
}

fn main() {}
