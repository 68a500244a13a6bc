use shop::*;
use workflow_core::workflow;

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
pub struct Payment {
    pub total: u32,
    #[serde(flatten)]
    pub card: Card,
}

workflow! {
    pub Pay(Payment) -> String;

    Number: Pass { output: $.nubmer, end }
}

fn main() {}
