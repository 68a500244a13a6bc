// mistakes: 4
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use workflow_core::Data;

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Key {
    bytes: [u8; 16],
}

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Grade {
    letter: char,
}

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Wealth {
    cents: u128,
}

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Seats {
    taken: HashMap<u32, String>,
}

fn main() {}
