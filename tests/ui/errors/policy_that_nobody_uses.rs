#[deny(dead_code)]
mod orders {
    use shop::*;
    use workflow_core::workflow;

    workflow! {
        pub OrderFlow(Order) -> Receipt;

        retry PATIENT = { error_equals: [PaymentError::Busy], interval: 1m };
        retry _for_later = { error_equals: [PaymentError::Busy], interval: 1h };

        Charge: Task { call: charge($), end }
    }
}

fn main() {
    let _ = orders::OrderFlow::definition();
}
