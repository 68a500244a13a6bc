use workflow_core::{Data, workflow};

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, Data)]
enum Pay {
    Cash,
    Card { number: String },
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, Data)]
struct Order {
    pay: Pay,
}

workflow! {
    Paid(Order) -> Order;

    export: asl;

    Which: Choice { $.pay == Pay::Cash => Done, $.pay == Pay::Card => Done, _ => Done }
    Done: Succeed {}
}

fn main() {}
