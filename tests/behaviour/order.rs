//! The order that the tests of values and of the data flow hand to their workflows.

use serde::{Deserialize, Serialize};
use workflow_core::{Data, task};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: u32,
    pub(crate) unit_price: f64,
    pub(crate) address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<Receipt>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub(crate) struct Address {
    pub(crate) city: String,
    pub(crate) zip: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub(crate) struct Receipt {
    pub(crate) number: u32,
    pub(crate) lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) amount: i64,
}

pub(crate) fn order() -> Order {
    Order {
        id: 7,
        unit_price: 2.5,
        address: Address { city: "Ulm".to_owned(), zip: None },
        receipt: None,
    }
}

pub(crate) fn receipt(number: u32) -> Receipt {
    Receipt { number, lines: vec![Line { text: "a".to_owned(), amount: -1 }] }
}

/// A receipt of the number that it is given.
#[task]
pub(crate) async fn bill(id: u32) -> Receipt {
    receipt(id)
}
