use serde::{Deserialize, Serialize};
use workflow_core::Data;

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Payment {
    Cash,
    Card {
        number: String,
        #[serde(skip_serializing)]
        secret: String,
    },
}

fn main() {}
