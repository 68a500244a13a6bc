// mistakes: 3
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($.order), next: Weigh }
    Weigh: Choice {
        $.TotalValue > "5" => Ship,
        _ => Ship,
    }
    Ship: Task { call: ship($.receipt), end }
}

fn main() {}
