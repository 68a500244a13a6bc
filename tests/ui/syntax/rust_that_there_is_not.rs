// mistakes: 5
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Charge: Task { call: charge($).await, next: Tried }
    Tried: Task { call: ship($)?, next: Count }
    Count: Pass { output: $.number.len(), next: Text }
    Text: Pass { output: format!("{}", $), next: Wide }
    Wide: Pass { output: $.total as u64, end }
}

fn main() {}
