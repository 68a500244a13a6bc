use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Charge: Task {
        call: charge($),
        catch: [
            { error_equals: ["States.TaskFailed"], next: Refused },
            { error_equals: ["States.Timeout"], next: Refused },
            { error_equals: [PaymentError::Declined], next: Refused },
        ],
        end,
    }
    Refused: Fail { error: "Refused" }
}

fn main() {}
