use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Vec<Parcel>;

    ShipAll: Map { items: $.items, item_processor: { Ship: Task { call: ship($), end } }, end }
}

fn main() {}
