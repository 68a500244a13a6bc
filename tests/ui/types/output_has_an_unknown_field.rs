use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Make: Pass { output: { "number": 5, "wieght": 3 }, end }
}

fn main() {}
