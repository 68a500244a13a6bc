// mistakes: 3
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Method: Pass { output: { "length": $.number.len() }, next: Wide }
    Wide: Pass { output: format("{}", $.total as u64), next: Named }
    Named: Task { call: charge(order: $), end }
}

fn main() {}
