//! stub
#[tokio::main(flavor = "current_thread")]
async fn main() {
    for book in ["343222", "343122"] {
        let r = order_flow::workflow::OrderFlow::run(
            &Default::default(),
            order_flow::order::Order { order_id: "1".into(), book_id: book.into() },
        )
        .await;
        println!("{}", serde_json::to_string(&r.unwrap()).unwrap());
    }
}
