use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
fn main() {
    let shop = Shop::default();
    let [(_, a), (_, b)] = benches::orders();
    println!(
        "hand {} workflow {}",
        std::mem::size_of_val(&benches::order_flow(&shop, a)),
        std::mem::size_of_val(&OrderFlow::run(&shop, b))
    );
    println!("Execution {}", std::mem::size_of::<workflow_core::Execution>());
    let rt = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let hand = std::env::args().nth(1).unwrap() == "hand";
    rt.block_on(async {
        for _ in 0..n {
            let order = benches::orders()[0].1.clone();
            if hand {
                std::hint::black_box(benches::order_flow(&shop, order).await.unwrap());
            } else {
                std::hint::black_box(OrderFlow::run(&shop, order).await.unwrap());
            }
        }
    });
}
