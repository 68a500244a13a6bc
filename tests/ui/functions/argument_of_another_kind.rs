// mistakes: 6
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Kinds: Parallel {
        branches: [
            { Sum: Pass { output: math_add($.items, $.total), end } },
            { Length: Pass { output: array_length($.id), end } },
            { Merge: Pass { output: json_merge($.receipt?, $.total, false), end } },
            { Option: Pass { output: json_merge($.receipt, $, false), end } },
            { Index: Pass { output: array_get_item($.items, $.id), end } },
            { Contains: Pass { output: array_contains($.items, 5), end } },
        ],
        end,
    }
}

fn main() {}
