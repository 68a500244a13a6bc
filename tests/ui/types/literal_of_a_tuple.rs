// mistakes: 5
use serde::{Deserialize, Serialize};
use shop::*;
use workflow_core::{Data, Json, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct OrderId(String);

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Price(u32, String);

workflow! {
    pub OrderFlow(Order) -> Json;

    Newtype: Pass { output: OrderId($.total), next: Tuple }
    Tuple: Pass { output: Price("5", "EUR"), next: Fewer }
    Fewer: Pass { output: Price(5), next: Named }
    Named: Pass { output: Receipt("4711"), next: Called }
    Called: Pass { output: Handle($), end }
}

workflow! {
    pub Handle(Order) -> Order;

    Done: Succeed {}
}

fn main() {}
