// mistakes: 2
use shop::*;
use workflow_core::workflow;

workflow! {
    pub OrderFlow(Order) -> String;

    Paid: Choice {
        $.status => { Status::Paid => Ship, _ => Refuse },
        _ => Express,
    }

    Express: Choice {
        $.express => { $.total > 100 => Ship, _ => Refuse },
        _ => Refuse,
    }

    Ship: Pass { output: "shipped", end }
    Refuse: Pass { output: "refused", end }
}

fn main() {}
