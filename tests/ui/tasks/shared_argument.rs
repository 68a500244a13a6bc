use std::sync::Arc;

use workflow_core::{task, workflow};

pub struct Till;

#[task]
async fn pay(till: Arc<Till>, amount: u32) -> u32 {
    drop(till);
    amount
}

workflow! {
    pub OrderFlow(&Till, u32) -> u32;

    Pay: Task { call: pay($, $), end }
}

fn main() {}
