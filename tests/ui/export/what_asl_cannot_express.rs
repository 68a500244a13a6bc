// mistakes: 4
use shop::*;
use workflow_core::workflow;

const LIMIT: u32 = 100;

workflow! {
    pub Flow(Order) -> u32;

    export: asl;

    IsLarge: Choice {
        $.total > LIMIT => Pause,
        _ => Pause,
    }
    Pause: Wait { seconds: 500ms, next: Sum }
    Sum: Pass { output: { "id": $.id, "total": $.total + 1 }, next: Take }
    Take: Pass { output: math_add($.total, 1), end }
}

fn main() {}
