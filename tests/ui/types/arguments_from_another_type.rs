use shop::*;
use workflow_core::{task, workflow};

#[task]
async fn refund(account: String, amount: u32) -> u32 {
    drop(account);
    amount
}

workflow! {
    pub OrderFlow(Order) -> u32;

    Refund: Task { call: refund, end }
}

fn main() {}
