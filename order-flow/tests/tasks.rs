//! The tasks of the bookstore, called as the functions that they are, and their retry policy on a clock that the test moves.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use order_flow::order::{Discount, Order, Sale, Stock};
use order_flow::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    order_to_print, update_loyalty_points,
};
use order_flow::workflow::OrderFlow;
use tokio::time::Instant;
use workflow_core::{InProcess, LambdaError, TaskTokens, task, workflow};

fn order(book_id: &str) -> Order {
    Order { order_id: "123".to_owned(), book_id: book_id.to_owned() }
}

#[tokio::test]
async fn a_book_that_the_shop_does_not_know_is_out_of_stock() {
    let stock = HashMap::from([("1".to_owned(), 3)]);
    let shop = Shop { stock, ..Shop::new(|_| {}) };
    assert_eq!(check_inventory(&shop, order("1")).await.unwrap().item_stock, 3);
    assert_eq!(check_inventory(&shop, order("2")).await.unwrap().item_stock, 0);
}

#[tokio::test]
async fn a_book_is_printed_by_whoever_has_the_token() {
    let (sender, given) = std::sync::mpsc::channel();
    let shop = Shop::new(move |token| sender.send(token.to_owned()).unwrap());
    order_to_print(&shop, Stock { item_stock: 0 }, "token".to_owned()).await.unwrap();
    assert_eq!(given.recv().unwrap(), "token");
}

#[tokio::test]
async fn the_discount_is_higher_above_four_hundred() {
    for (total_value, discount) in [(None, 10), (Some(400), 10), (Some(401), 20)] {
        let found = check_further_discount_eligibility(Sale { total_value }).await.unwrap();
        assert_eq!(found.discount, discount, "for {total_value:?}");
    }
}

#[tokio::test]
async fn the_better_code_is_for_more_than_twenty_percent() {
    for (discount, code) in [(20, "Hello10"), (21, "Hello20")] {
        let found = generate_discount_code(Discount { discount }).await.unwrap();
        assert_eq!(found.discount_code, code);
    }
}

#[tokio::test]
async fn a_sale_without_a_value_earns_no_points() {
    let points = update_loyalty_points(Sale { total_value: None }).await.unwrap();
    assert_eq!(serde_json::to_string(&points).unwrap(), "{}");
}

#[tokio::test]
async fn an_order_takes_the_way_that_the_stock_of_the_shop_says() {
    let (stock, tokens) = (HashMap::from([("343122".to_owned(), 1)]), TaskTokens::default());
    let shop = Shop { stock, ..Shop::printing_at_once(tokens.clone()) };
    let engine = InProcess::new(&shop).task_tokens(tokens);
    let (_, points, ..) = engine.run::<OrderFlow>(order("343122")).await.unwrap();
    assert_eq!(points.loyalty_points, None, "taken from the stock");
    let (_, points, ..) = engine.run::<OrderFlow>(order("343222")).await.unwrap();
    assert_eq!(points.loyalty_points, Some(500), "printed");
}

/// A warehouse that does not answer at once.
#[derive(Default)]
struct Warehouse {
    /// How many calls fail before one succeeds.
    failures: u32,
    calls: AtomicU32,
}

#[task]
async fn ask_warehouse(warehouse: &Warehouse, order: Order) -> Result<Stock, LambdaError> {
    if warehouse.calls.fetch_add(1, Ordering::Relaxed) < warehouse.failures {
        return Err(LambdaError::ServiceException(format!("no word of book {}", order.book_id)));
    }
    Ok(Stock { item_stock: 20 })
}

workflow! {
    /// The first task of the order flow under its retry policy, on a warehouse that can fail.
    Inventory(&Warehouse, Order) -> Stock;

    retry LAMBDA = {
        error_equals: ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"],
        interval: 2s,
        max_attempts: 6,
        backoff_rate: 2.0,
    };

    CheckInventory: Task { call: ask_warehouse($), retry: LAMBDA, end }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_is_called_again_after_waits_that_double() {
    let warehouse = Warehouse { failures: 3, ..Warehouse::default() };
    let start = Instant::now();
    let stock = Inventory::run(&warehouse, order("343222")).await.unwrap();
    assert_eq!(stock.item_stock, 20);
    assert_eq!(warehouse.calls.into_inner(), 4);
    assert_eq!(start.elapsed(), Duration::from_secs(2 + 4 + 8));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_keeps_failing_fails_the_execution_after_six_retries() {
    let warehouse = Warehouse { failures: u32::MAX, ..Warehouse::default() };
    let start = Instant::now();
    let error = Inventory::run(&warehouse, order("343222")).await.unwrap_err();
    assert_eq!(error.error(), "Lambda.ServiceException");
    assert_eq!(error.cause(), "no word of book 343222");
    assert_eq!(error.state(), Some("CheckInventory"));
    assert_eq!(warehouse.calls.into_inner(), 7);
    assert_eq!(start.elapsed(), Duration::from_secs(2 + 4 + 8 + 16 + 32 + 64));
}
