use shop::*;
use workflow_core::task;

#[task]
async fn print(_order: Order) -> Result<Receipt, Box<dyn std::error::Error>> {
    Ok(Receipt { total_value: 1 })
}

fn main() {}
