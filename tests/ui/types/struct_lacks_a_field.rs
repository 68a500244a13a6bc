use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Item;

    Make: Pass { output: Item { name: $.id, price: 5.0 }, end }
}

fn main() {}
