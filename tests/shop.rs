//! The shop that the tests are about: its data and its tasks.

#![allow(missing_docs, clippy::missing_errors_doc, reason = "the names say it")]

use serde::{Deserialize, Serialize};
use workflow_core::{Data, Json, TaskError, Timestamp, task};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub id: String,
    pub total: u32,
    pub express: bool,
    pub items: Vec<Item>,
    pub coupon: Option<Coupon>,
    pub receipt: Option<Receipt>,
    pub status: Status,
    pub placed_at: Timestamp,
    pub notes: Json,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub struct Item {
    pub name: String,
    pub price: f64,
    pub quantity: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub struct Coupon {
    pub code: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Data)]
pub enum Status {
    Open,
    Paid,
    Refused,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Stock {
    pub item_stock: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub struct Card {
    pub number: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
pub struct Receipt {
    pub total_value: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub struct Parcel {
    pub number: u64,
}

#[derive(Debug, TaskError)]
pub enum PaymentError {
    Declined,
    CardExpired,
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Declined => "the bank said no",
            Self::CardExpired => "the card is expired",
        })
    }
}

#[derive(Debug, TaskError)]
pub enum CarrierError {
    AddressUnknown,
}

impl std::fmt::Display for CarrierError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no such address")
    }
}

#[task]
pub async fn check_inventory(order: Order) -> Stock {
    Stock { item_stock: u32::try_from(order.items.len()).unwrap_or(u32::MAX) }
}

#[task]
pub async fn charge(order: Order) -> Result<Receipt, PaymentError> {
    if order.total == 0 {
        Err(PaymentError::Declined)
    } else {
        Ok(Receipt { total_value: order.total })
    }
}

#[task]
pub async fn charge_card(order: Order, card: Card) -> Result<Receipt, PaymentError> {
    if card.number.is_empty() {
        Err(PaymentError::CardExpired)
    } else {
        Ok(Receipt { total_value: order.total })
    }
}

#[task]
pub async fn ship(receipt: Receipt) -> Result<Parcel, CarrierError> {
    if receipt.total_value == 13 {
        Err(CarrierError::AddressUnknown)
    } else {
        Ok(Parcel { number: 7 })
    }
}

#[task]
pub async fn weigh(item: Item) -> f64 {
    item.price * f64::from(item.quantity)
}
