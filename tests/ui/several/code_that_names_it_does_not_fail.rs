use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Parcel;

    Charge: Task { call: charge($), next: Shp }
    Ship: Task { call: ship($), end }
    }

    workflow! {
        pub Outer(Order) -> Parcel;

        Inner: Task { call: OrderFlow($), end }
    }

    async fn handle(order: Order) -> Option<Parcel> {
        OrderFlow::run(order).await.ok()
}

fn main() {}
