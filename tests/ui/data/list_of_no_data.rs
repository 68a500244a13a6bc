use serde::{Deserialize, Serialize};
use workflow_core::Data;

#[derive(Clone, Serialize, Deserialize)]
pub struct Line {
    book: String,
}

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Cart {
    lines: Option<Vec<Line>>,
}

fn main() {}
