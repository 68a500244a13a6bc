// mistakes: 3
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Texts: Pass {
        output: {
            "name": format("{name}: {}", $.id),
            "path": format("{$.id}"),
            "brace": format("{{{}}}", $.id),
        },
        end,
    }
}

fn main() {}
