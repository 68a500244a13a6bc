use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Currency {
    EUR,
    USD,
    GBP,
}

workflow! {
    pub Change(Currency) -> u32;

    Rate: Choice {
        $ == Currency::EUR => Same,
        $ == Currency::USD => Same,
    }
    Same: Pass { output: 1, end }
}

fn main() {}
