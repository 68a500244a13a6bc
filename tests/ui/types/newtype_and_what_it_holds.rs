// mistakes: 2
use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct OrderId(String);

workflow! {
    pub In(String) -> OrderId;

    Id: Pass { output: $, end }
}

workflow! {
    pub Out(OrderId) -> String;

    Id: Pass { output: $, end }
}

fn main() {}
