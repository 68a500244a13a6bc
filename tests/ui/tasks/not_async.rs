use shop::{Order, Receipt};
use workflow_core::task;

#[task]
fn charge(order: Order) -> Receipt {
    Receipt { total_value: order.total }
}

fn main() {}
