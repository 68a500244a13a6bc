use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
}

fn main() {}
