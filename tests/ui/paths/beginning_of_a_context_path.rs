use shop::*;
use workflow_core::{Timestamp, workflow};

workflow! {
    pub OrderFlow(Order) -> Timestamp;

    Start: Pass { output: $$.Execution.Start, end }
}

fn main() {}
