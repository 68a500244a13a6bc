use workflow_core::{task, workflow};

#[task]
async fn pay(amount: u32) -> std::io::Result<u32> {
    Ok(amount)
}

workflow! {
    pub OrderFlow(u32) -> u32;

    Pay: Task { call: pay($), end }
}

fn main() {}
