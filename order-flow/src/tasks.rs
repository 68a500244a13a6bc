//! The tasks of the bookstore. Each is an async function that can be called and tested by itself.

#![allow(
    clippy::missing_errors_doc,
    reason = "every task fails with the errors of the service that it stands for"
)]

use std::collections::HashMap;

use workflow_core::{LambdaError, task};

use crate::order::{
    Discount, DiscountCode, LoyaltyPoints, Order, PreparedOrder, Print, Recommendation, Sale,
    Shipment, Stock,
};

/// The shop: what the tasks need of the program.
#[derive(Debug)]
pub struct Shop {
    /// Copies in stock, by book.
    pub stock: HashMap<String, u32>,
}

impl Default for Shop {
    /// A shop with twenty copies of one book.
    fn default() -> Self {
        Self { stock: HashMap::from([("343222".to_owned(), 20)]) }
    }
}

/// Looks up how many copies of the book are in stock.
#[task]
pub async fn check_inventory(shop: &Shop, order: Order) -> Result<Stock, LambdaError> {
    Ok(Stock { item_stock: shop.stock.get(&order.book_id).copied().unwrap_or(0) })
}

/// Has a book printed that is not in stock.
#[task]
pub async fn order_to_print(_stock: Stock) -> Result<Print, LambdaError> {
    Ok(Print { total_value: 500 })
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
