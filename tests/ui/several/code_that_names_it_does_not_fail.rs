use shop::*;
use workflow_core::{InProcess, Trace, workflow};

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
    OrderFlow::run(order.clone()).await.ok()?;
    println!("{}", OrderFlow::definition().name);
    InProcess::new(()).listener(Trace::new(std::io::stderr())).run::<OrderFlow>(order).await.ok()
}

fn main() {}
