//! The data of an order, from its arrival to the results of its five branches.

use serde::{Deserialize, Serialize};
use workflow_core::Data;

/// An order for a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The order.
    pub order_id: String,
    /// The book.
    pub book_id: String,
}

/// How many copies of the book are in stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Stock {
    /// Copies.
    pub item_stock: u32,
}

/// What printing the book came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Print {
    /// The value of the order.
    pub total_value: u32,
}

impl Print {
    /// A book is printed, whichever it is.
    pub const DONE: Self = Self { total_value: 500 };
}

/// A sale: a book that is ready to leave the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Sale {
    /// The value of the order; an order from stock has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_value: Option<u32>,
}

/// The discount on the customer's next order, in percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Discount {
    /// Percent.
    pub discount: u32,
}

/// The code that gives the discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct DiscountCode {
    /// The code.
    pub discount_code: String,
}

/// The loyalty points that the customer has gained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct LoyaltyPoints {
    /// Points; none for an order without a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loyalty_points: Option<u32>,
}

/// An order that is packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct PreparedOrder {
    /// What the label says.
    pub shipmsg: String,
}

/// A parcel on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Shipment {
    /// `"True"`.
    pub shipment_sent: String,
}

/// What the recommendation engine says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Recommendation {
    /// `"True"`.
    pub recoengine_updated: String,
}

/// The e-book that comes with every order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Ebook {
    /// The title.
    pub ebook: String,
}

/// A handled order: the results of the five branches.
pub type Handled = (DiscountCode, LoyaltyPoints, Shipment, Recommendation, Ebook);
