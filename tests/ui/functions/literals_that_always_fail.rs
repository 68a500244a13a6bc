// mistakes: 10
use shop::*;
use workflow_core::{Json, workflow};

workflow! {
    pub OrderFlow(Order) -> Json;

    Numbers: Pass {
        output: {
            "sum": math_add("1", $.total),
            "range": array_range(1, 10, 0),
            "parts": array_partition($.items, 0),
            "item": array_get_item($.items, "0"),
            "length": array_length("text"),
        },
        next: Texts,
    }
    Texts: Pass {
        output: {
            "few": format("{} of {}", $.sum),
            "many": format("none", $.sum, $.parts),
            "named": format("{sum}", $.sum),
            "hash": hash($.sum, "SHA-3"),
            "merged": json_merge($.sum, $.parts, true),
        },
        end,
    }
}

fn main() {}
