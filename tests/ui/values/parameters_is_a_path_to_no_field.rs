use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Pass: Pass { parameters: { "price": $.price }, end }
}

fn main() {}
