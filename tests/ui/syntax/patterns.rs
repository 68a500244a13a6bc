// mistakes: 3
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Tuple: Choice { $.status == Status::Paid(_) => Struct, _ => Struct }
    Struct: Choice { $.status == Status::Paid { .. } => Dot, _ => Dot }
    Dot: Choice { $.status == Status.Paid => Done, _ => Done }
    Done: Succeed {}
}

fn main() {}
