//! Order-flow many times, in one of three ways, for a tool that counts instructions:
//!
//! ```text
//! cargo build --release -p benches --example order_flow
//! valgrind --tool=callgrind target/release/examples/order_flow workflow
//! ```

use benches::{Desk, orders, shop};
use futures_util::FutureExt;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use workflow_core::{History, InProcess, TaskTokens};

/// How many orders from stock, and how many printed ones, unless the second argument says it.
const ORDERS: usize = 10_000;

fn main() {
    let (desk, tokens) = (Desk::default(), TaskTokens::default());
    let (by_hand, shop) = (shop(desk.clone()), Shop::printing_at_once(tokens.clone()));
    let engine = InProcess::new(&shop).task_tokens(tokens);
    let way = std::env::args().nth(1);
    let number = std::env::args().nth(2).map(|text| text.parse().expect("a number of orders"));
    for _ in 0..number.unwrap_or(ORDERS) {
        for (_, order) in orders() {
            match way.as_deref() {
                Some("workflow") => finish(engine.run::<OrderFlow>(order)),
                Some("history") => {
                    finish(engine.clone().listener(History::new()).run::<OrderFlow>(order));
                }
                Some("by-hand") => finish(benches::order_flow(&by_hand, &desk, order)),
                _ => {
                    eprintln!("say `workflow`, `history` or `by-hand`");
                    std::process::exit(2);
                }
            }
        }
    }
}

/// Runs a future that is ready at once.
fn finish<T, E>(future: impl Future<Output = Result<T, E>>) {
    let handled = future.now_or_never().is_some_and(|result| result.is_ok());
    assert!(std::hint::black_box(handled), "every order is handled at once");
}
