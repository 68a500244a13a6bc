use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task {
        call: charge($),
        catch: [
            { error_equals: ["States.ALL"], next: Stop },
            { error_equals: [PaymentError::Declined], next: Stop },
        ],
        next: Ship,
    }
    Ship: Task { call: ship($), end }
    Stop: Fail { error: "Stopped" }
}

fn main() {}
