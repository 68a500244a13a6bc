use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    timeout: 1m;

    Charge: Task {
        call: charge($),
        retry: { error_equals: ["States.ALL"], interval: 5s, max_attempts: 6 },
        next: Ship,
    }
    Ship: Task { call: ship($), end }
}

fn main() {}
