// mistakes: 2
use std::cell::RefCell;

use workflow_core::{task, workflow};

pub struct Till {
    cash: RefCell<u32>,
}

#[task]
async fn pay(till: &Till, amount: u32) -> u32 {
    *till.cash.borrow_mut() += amount;
    amount
}

workflow! {
    pub OrderFlow(&Till, u32) -> u32;

    Pay: Task { call: pay($), end }
}

fn main() {}
