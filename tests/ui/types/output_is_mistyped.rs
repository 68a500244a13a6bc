use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Make: Pass { output: { "number": $.id }, end }
}

fn main() {}
