// mistakes: 2
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Twice: Pass { output: Card { number: "4711", number: "4712" }, next: Nothing }
    Nothing: Pass { output: Card(), end }
}

fn main() {}
