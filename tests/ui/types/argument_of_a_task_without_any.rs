use shop::*;
use workflow_core::{task, workflow};

#[task]
async fn greet() {}

workflow! {
    pub OrderFlow(Order) -> ();

    Right: Task { call: greet, result_path: null, next: Wrong }
    Wrong: Task { call: greet($.id), end }
}

fn main() {}
