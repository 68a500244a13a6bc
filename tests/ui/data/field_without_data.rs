use serde::{Deserialize, Serialize};
use workflow_core::{Data, Json, workflow};

#[derive(Clone, Serialize, Deserialize)]
struct Note(String);

#[derive(Clone, Serialize, Deserialize, Data)]
struct Order {
    id: String,
    note: Note,
}

workflow! {
    OrderFlow(Order) -> Json;

    Done: Pass { output: { "note": $.note, "id": $.id }, end }
}

fn main() {}
