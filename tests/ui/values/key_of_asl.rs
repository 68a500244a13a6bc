// mistakes: 2
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Pass: Pass { output: { "total.$": "$.total", "id.$": $.id }, end }
}

fn main() {}
