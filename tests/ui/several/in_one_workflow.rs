// mistakes: 3
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), timeout: "5s", next: Shp }
    Refund: Fail { eror: "Refunded" }
    Ship: Task { call: ship($), end }
}

fn main() {}
