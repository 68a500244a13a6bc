use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Hello: Pass { output: States.Format("Hello {}", $.id), end }
}

fn main() {}
