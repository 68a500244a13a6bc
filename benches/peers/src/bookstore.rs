//! The bookstore as every engine here runs it: its orders, what comes of them, and the task that prints.
//!
//! It is the flow of `order-flow`, with that crate's tasks, but for two things that the engines do not all have in one form: printing is
//! a task like the others, with no token to wait for, and nothing is retried, since nothing fails.

use std::collections::HashMap;

use order_flow::order::{
    DiscountCode, Ebook, Handled, LoyaltyPoints, Order, Print, Recommendation, Shipment, Stock,
};
use order_flow::tasks::Shop;
use workflow_core::{LambdaError, task};

/// A shop that looks up its stock, and has nothing to do with tokens.
pub(crate) fn shop() -> Shop {
    Shop { stock: HashMap::from([("343222".to_owned(), 20)]), printer: Box::new(|_| ()) }
}

/// The order of a number: every other one is for a book that has to be printed.
pub(crate) fn order(number: u32) -> Order {
    let book = if is_printed(number) { "343122" } else { "343222" };
    Order { order_id: number.to_string(), book_id: book.to_owned() }
}

/// What comes of the order of a number.
pub(crate) fn handled(number: u32) -> Handled {
    (
        DiscountCode { discount_code: "Hello10".to_owned() },
        LoyaltyPoints { loyalty_points: is_printed(number).then_some(500) },
        Shipment { shipment_sent: "True".to_owned() },
        Recommendation { recoengine_updated: "True".to_owned() },
        ebook(),
    )
}

fn is_printed(number: u32) -> bool {
    number % 2 == 1
}

/// What comes with every order. It is data, so no engine has a task for it.
pub(crate) fn ebook() -> Ebook {
    Ebook { ebook: "Tips to Better Life".to_owned() }
}

/// Prints a book that is not in stock.
#[task]
pub(crate) async fn print_book(_stock: Stock) -> Result<Print, LambdaError> {
    Ok(Print::DONE)
}
