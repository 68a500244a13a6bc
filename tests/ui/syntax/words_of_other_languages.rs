// mistakes: 4
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> Order;

    Opposite: Choice { not $.express => Arrow, _ => Done }
    Arrow: Choice { $.total > 100 -> Match, _ => Done }
    Match: Choice { match $.total { 0 => Done, _ => Default } }
    Default: Choice { $.express => Done, default => Done }
    Done: Succeed {}
}

fn main() {}
