use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Json) -> Json;

    Id: Pass { output: $.order.order-id, end }
}

fn main() {}
