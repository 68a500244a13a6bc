use serde::{Deserialize, Serialize};
use workflow_core::{Data, workflow};

#[derive(Clone, Serialize, Deserialize, Data)]
pub struct Event {
    pub r#type: String,
}

workflow! {
    pub Rename(Event) -> Event;

    Right: Pass { output: Event { r#type: $.type }, next: Wrong }
    Wrong: Pass { output: Event { type: "order" }, end }
}

fn main() {}
