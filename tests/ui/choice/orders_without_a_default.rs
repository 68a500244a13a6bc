// mistakes: 3
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Order;

    Total: Choice {
        $.total > 100 => Done,
        $.total <= 100 => Done,
    }
    Done: Succeed {}
}

workflow! {
    pub Untyped(Json) -> Json;

    Total: Choice {
        $.total > 100 => Done,
        $.total <= 100 => Done,
    }
    Done: Succeed {}
}

workflow! {
    pub Fraction(f64) -> f64;

    Total: Choice {
        100.5 < $ => Done,
        100.5 >= $ => Done,
    }
    Done: Succeed {}
}

workflow! {
    pub Limit(Order) -> Order;

    Total: Choice {
        $.total < $.notes => Done,
        $.total >= $.notes => Done,
    }
    Done: Succeed {}
}

fn main() {}
