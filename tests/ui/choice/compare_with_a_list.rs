// mistakes: 4
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> bool;

    Empty: Choice { $.items == [] => Several, _ => Several }
    Several: Choice { ["a", "b"] == $.id => Object, _ => Object }
    Object: Choice { $.receipt != { "total_value": 1 } => Value, _ => Value }
    Value: Pass { output: $.items[*].book_id == ["a"], end }
}

fn main() {}
