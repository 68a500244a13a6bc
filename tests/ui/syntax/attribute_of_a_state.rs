// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    #[cfg(test)]
    Charge: Task { call: charge($), next: Ship }
    /// Right.
    #[allow(unused)]
    Ship: Task { call: ship($), end }
}

fn main() {}
