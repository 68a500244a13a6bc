//! The tasks of the bookstore. Each is an async function that can be called and tested by itself.

#![allow(
    clippy::missing_errors_doc,
    reason = "every task fails with the errors of the service that it stands for"
)]

use std::collections::HashMap;
use std::fmt;

use workflow_core::{LambdaError, TaskTokens, task};

use crate::order::{
    Discount, DiscountCode, LoyaltyPoints, Order, PreparedOrder, Print, Recommendation, Sale,
    Shipment, Stock,
};

/// The shop: what the tasks need of the program.
pub struct Shop {
    /// Copies in stock, by book.
    pub stock: HashMap<String, u32>,
    /// Has a book printed, and is given the task token: whoever has printed it sends that back with a [`Print`].
    pub printer: Box<dyn Fn(&str) + Send + Sync>,
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop").field("stock", &self.stock).finish_non_exhaustive()
    }
}

impl Shop {
    /// A shop with twenty copies of one book, and a printer.
    pub fn new(printer: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let stock = HashMap::from([("343222".to_owned(), 20)]);
        Self { stock, printer: Box::new(printer) }
    }

    /// A shop whose books are printed as soon as that is asked.
    #[must_use]
    pub fn printing_at_once(tokens: TaskTokens) -> Self {
        Self::new(move |token| {
            // Nobody waits any more where the token is not taken.
            let _ = tokens.send_task_success(token, &Print::DONE);
        })
    }
}

/// Looks up how many copies of the book are in stock.
#[task]
pub async fn check_inventory(shop: &Shop, order: Order) -> Result<Stock, LambdaError> {
    Ok(Stock { item_stock: shop.stock.get(&order.book_id).copied().unwrap_or(0) })
}

/// Has a book printed that is not in stock. It is printed when the token is sent back.
#[task]
pub async fn order_to_print(shop: &Shop, stock: Stock, token: String) -> Result<(), LambdaError> {
    debug_assert_eq!(stock.item_stock, 0, "a book in stock is not printed");
    (shop.printer)(&token);
    Ok(())
}

/// Finds the discount on the customer's next order.
#[task]
pub async fn check_further_discount_eligibility(sale: Sale) -> Result<Discount, LambdaError> {
    let high = sale.total_value.is_some_and(|value| value > 400);
    Ok(Discount { discount: if high { 20 } else { 10 } })
}

/// Makes the code for a discount.
#[task]
pub async fn generate_discount_code(discount: Discount) -> Result<DiscountCode, LambdaError> {
    let code = if discount.discount > 20 { "Hello20" } else { "Hello10" };
    Ok(DiscountCode { discount_code: code.to_owned() })
}

/// Credits the value of the order as loyalty points.
#[task]
pub async fn update_loyalty_points(sale: Sale) -> Result<LoyaltyPoints, LambdaError> {
    Ok(LoyaltyPoints { loyalty_points: sale.total_value })
}

/// Packs the book.
#[task]
pub async fn prepare_order(_sale: Sale) -> Result<PreparedOrder, LambdaError> {
    Ok(PreparedOrder { shipmsg: "Order Prepared - Ready for Shipment".to_owned() })
}

/// Hands the parcel to the carrier.
#[task]
pub async fn send_to_shipment(_order: PreparedOrder) -> Result<Shipment, LambdaError> {
    Ok(Shipment { shipment_sent: "True".to_owned() })
}

/// Tells the recommendation engine of the sale.
#[task]
pub async fn update_reco_engine(_sale: Sale) -> Result<Recommendation, LambdaError> {
    Ok(Recommendation { recoengine_updated: "True".to_owned() })
}
