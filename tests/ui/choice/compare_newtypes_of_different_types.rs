use workflow_core::workflow;

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
pub struct OrderId(String);

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
pub struct CustomerId(String);

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
pub struct Pair {
    pub order: OrderId,
    pub customer: CustomerId,
}

workflow! {
    pub Check(Pair) -> Pair;

    Same: Choice {
        $.order == $.customer => Done,
        _ => Done,
    }
    Done: Succeed {}
}

fn main() {}
