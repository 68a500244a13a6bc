use serde::Serialize;
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Data)]
pub struct Page<T> {
    items: Vec<T>,
}

workflow! {
    pub OrderFlow(Page<u32>) -> Page<u32>;

    Done: Succeed {}
}

fn main() {}
