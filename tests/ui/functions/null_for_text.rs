use shop::*;
use workflow_core::workflow;

workflow! {
    pub Flow(Order) -> String;

    Encode: Pass { output: base64_encode(null), end }
}

fn main() {}
