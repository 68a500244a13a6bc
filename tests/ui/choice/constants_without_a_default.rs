use serde::{Deserialize, Serialize};
use shop::*;
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Size(u32);

impl Size {
    pub const SMALL: u32 = 1;
    pub const LARGE: u32 = 2;
}

workflow! {
    pub OrderFlow(Order) -> Order;

    Size: Choice {
        $.total == Size::SMALL => Done,
        $.total == Size::LARGE => Done,
    }
    Done: Succeed {}
}

fn main() {}
