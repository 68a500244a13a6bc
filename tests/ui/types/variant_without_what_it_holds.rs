use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Payment {
    Cash,
    Card(String),
}

workflow! {
    pub OrderFlow(String) -> Payment;

    Paid: Pass { output: Payment::Card, end }
}

fn main() {}
