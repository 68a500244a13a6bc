use shop::*;
use workflow_core::workflow;

struct Plain;

workflow! {
    pub OrderFlow(Plain) -> Plain;

    Done: Succeed {}
}

fn main() {}
