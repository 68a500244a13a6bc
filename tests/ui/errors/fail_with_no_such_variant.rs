// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Receipt;

    Size: Choice { $.total > 100 => Misspelt, $.express => Other, _ => Right }
    Misspelt: Fail { error: PaymentError::Declind }
    Other: Fail { error: Status::Paid }
    Right: Fail { error: PaymentError::Declined }
}

fn main() {}
