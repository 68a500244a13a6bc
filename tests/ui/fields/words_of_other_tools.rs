// mistakes: 3
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), on_error: Refuse, next: Patience }
    Patience: Wait { minutes: 10, next: Ship }
    Ship: Task { call: ship($), catch: { errors: ["States.ALL"], next: Refuse }, end }
    Refuse: Fail { error: "Refused" }
}

fn main() {}
