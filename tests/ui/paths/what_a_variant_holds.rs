use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Outcome {
    Paid,
    Refused { reason: String },
}

workflow! {
    pub Why(Outcome) -> String;

    Refused: Pass { output: $.Refused.reason, end }
}

fn main() {}
