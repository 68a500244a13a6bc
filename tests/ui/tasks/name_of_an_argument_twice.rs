use workflow_core::{task, workflow};

#[task]
async fn pay(amount: u32, amount: u32) -> u32 {
    amount
}

workflow! {
    pub OrderFlow(u32) -> u32;

    Pay: Task { call: pay($, $), end }
}

fn main() {}
