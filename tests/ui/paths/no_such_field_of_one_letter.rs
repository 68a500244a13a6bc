use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Point {
    pub x: u32,
    pub y: u32,
}

workflow! {
    pub OrderFlow(Point) -> u32;

    Give: Pass { output: $.z, end }
}

fn main() {}
