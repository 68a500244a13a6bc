use shop::*;
use workflow_core::workflow;

workflow! {
    Charge: Task { call: charge($), end }
}

fn main() {}
