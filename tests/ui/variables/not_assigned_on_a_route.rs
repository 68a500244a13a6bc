use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> u32;

    IsExpress: Choice {
        $.express => Keep,
        _ => Check,
    }
    Keep: Pass { assign: { total: $.total }, next: Done }
    Check: Pass { next: Done }
    Done: Pass { output: $total, end }
}

fn main() {}
