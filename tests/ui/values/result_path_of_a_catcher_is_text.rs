use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Charge: Task {
        call: charge($),
        catch: { error_equals: ["States.ALL"], result_path: "$.error", next: Failed },
        output: $states.input,
        end,
    }
    Failed: Fail { error: "Order.Failed" }
}

fn main() {}
