use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: "arn:aws:lambda:eu-west-1:1:function:charge", next: Ship }
    Ship: Task { call: ship($), end }
}

fn main() {}
