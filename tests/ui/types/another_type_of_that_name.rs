use serde::{Deserialize, Serialize};
use workflow_core::{Data, task, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Order(u32);

#[task]
async fn take(order: Order) -> u32 {
    order.0
}

fn main() {
    #[derive(Clone, Serialize, Deserialize, Data)]
    pub struct Order(u32);

    workflow! {
        Broken(Order) -> u32;
        Take: Task { call: take($), end }
    }
}
