use workflow_core::{Data, workflow};

#[derive(Data)]
pub struct Order {
    total: u32,
}

workflow! {
    pub OrderFlow(Order) -> u32;

    Double: Pass { output: $.total * 2, end }
}

fn main() {}
