use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Id: Pass { output: { "id": "$.id", "price": "$5" }, end }
}

fn main() {}
