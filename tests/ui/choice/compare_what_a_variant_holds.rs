use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Payment {
    Cash,
    Card(String),
}

workflow! {
    pub OrderFlow(Payment) -> Payment;

    Kind: Choice { $ == Payment::Card("4711") => Done, $ == Payment::Cash => Done, _ => Done }
    Done: Succeed {}
}

fn main() {}
