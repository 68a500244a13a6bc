use workflow_core::{TaskError, task, workflow};

#[derive(Debug, TaskError)]
pub enum PaymentError {
    Declined,
}

#[task]
async fn pay(amount: u32) -> Result<u32, PaymentError> {
    if amount > 100 { Err(PaymentError::Declined) } else { Ok(amount) }
}

workflow! {
    pub OrderFlow(u32) -> u32;

    Pay: Task { call: pay($), retry: { error_equals: [PaymentError::Declined] }, end }
}

fn main() {}
