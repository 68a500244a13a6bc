use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Hello: Pass { output: fromat("Hello {}", $.id), end }
}

fn main() {}
