// mistakes: 7
use serde::{Deserialize, Serialize};
use shop::*;
use workflow_core::{Data, Json, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub enum Payment {
    Cash,
    Card { number: String, amount: u32 },
    Bank(String, u32),
}

workflow! {
    pub OrderFlow(Order) -> Json;

    Mistyped: Pass { output: Payment::Card { number: $.total, amount: 5 }, next: Range }
    Range: Pass { output: Payment::Bank("DE1", -5), next: Lacks }
    Lacks: Pass { output: Payment::Card { number: "4711" }, next: Unknown }
    Unknown: Pass { output: Payment::Card { number: "4711", amount: 5, tip: 1 }, next: Fewer }
    Fewer: Pass { output: Payment::Bank("DE1"), next: Named }
    Named: Pass { output: Payment::Card("4711", 5), next: Unit }
    Unit: Pass { output: Payment::Cash(5), end }
}

fn main() {}
