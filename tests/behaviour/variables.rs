//! Variables: what is assigned when, and which machine sees it.

use serde_json::json;
use workflow_core::{Json, LambdaError, task, workflow};

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
async fn refuse(n: i64) -> Result<i64, LambdaError> {
    Err(LambdaError::Unknown(format!("no {n}")))
}

#[tokio::test]
async fn a_variable_is_assigned_from_the_result() {
    workflow! {
        Flow(i64) -> Json;
        A: Task { call: double($), assign: { twice: $, given: $states.input, same: $states.result }, output: 0, next: B }
        B: Pass { output: [$twice, $given, $same, $], end }
    }
    assert_eq!(Flow::run(4).await.unwrap(), json!([8, 4, 8, 0]));
}

#[tokio::test]
async fn variables_are_assigned_from_their_old_values_all_at_once() {
    workflow! {
        Flow(i64) -> Json;
        A: Pass { assign: { a: $, b: $ + 1 }, next: Swap }
        Swap: Pass { assign: { a: $b, b: $a }, output: [$a, $b], next: Done }
        Done: Pass { output: [$, $a, $b], end }
    }
    assert_eq!(Flow::run(1).await.unwrap(), json!([[1, 2], 2, 1]));
}

#[tokio::test]
async fn a_branch_reads_outer_variables_and_keeps_its_own() {
    workflow! {
        Flow(i64) -> Json;
        A: Pass { assign: { outer: $ }, next: Fan }
        Fan: Parallel {
            branches: [
                {
                    B: Pass { assign: { own: $outer + 1 }, next: C }
                    C: Parallel { branches: [{ D: Pass { output: [$own, $outer], end } }], output: $[0], end }
                },
                { E: Pass { output: $outer * 10, end } },
            ],
            next: F,
        }
        F: Pass { output: [$, $outer], end }
    }
    assert_eq!(Flow::run(1).await.unwrap(), json!([[[2, 1], 10], 1]));
}

#[tokio::test]
async fn sibling_branches_have_variables_of_one_name_apart() {
    workflow! {
        Flow(i64) -> (i64, String);
        Fan: Parallel {
            branches: [
                { A: Pass { assign: { mine: $ + 1 }, next: B } B: Pass { output: $mine, end } },
                { C: Pass { assign: { mine: "text" }, next: D } D: Pass { output: $mine, end } },
            ],
            end,
        }
    }
    assert_eq!(Flow::run(1).await.unwrap(), (2, "text".to_owned()));
}

#[tokio::test]
async fn the_items_of_a_map_have_variables_of_their_own() {
    workflow! {
        Flow(Vec<i64>) -> Vec<i64>;
        A: Pass { assign: { add: 100 }, next: Each }
        Each: Map {
            items: $,
            item_processor: {
                B: Pass { assign: { mine: $ * 2 }, next: C }
                C: Pass { output: $mine + $add, end }
            },
            end,
        }
    }
    assert_eq!(Flow::run(vec![1, 2, 3]).await.unwrap(), [102, 104, 106]);
}

#[tokio::test]
async fn an_item_selector_and_the_items_read_variables() {
    workflow! {
        Flow(i64) -> Json;
        A: Pass { assign: { list: [1, 2], factor: $ }, next: Each }
        Each: Map {
            items: $list,
            item_selector: { "n": $$.Map.Item.Value, "f": $factor },
            item_processor: { B: Pass { end } },
            end,
        }
    }
    assert_eq!(Flow::run(5).await.unwrap(), json!([{ "n": 1, "f": 5 }, { "n": 2, "f": 5 }]));
}

#[tokio::test]
async fn a_catcher_assigns_in_the_outer_scope() {
    workflow! {
        Flow(i64) -> Json;
        A: Pass { assign: { why: "nothing" }, next: B }
        B: Task {
            call: refuse($),
            assign: { why: "fine" },
            catch: { error_equals: ["Lambda.Unknown"], assign: { why: $.Cause, given: $states.input }, output: $.Error, next: C },
            output: "B",
            next: D,
        }
        C: Pass { output: [$, $why, $given], end }
        D: Pass { output: [$, $why], end }
    }
    assert_eq!(Flow::run(1).await.unwrap(), json!(["Lambda.Unknown", "no 1", 1]));
}

#[tokio::test]
async fn a_loop_counts_in_its_data_and_goes_to_the_start() {
    workflow! {
        Flow(i64) -> i64;
        Ask: Choice { $ < 10 => Add, _ => Done }
        Add: Task { call: double($), next: Ask }
        Done: Succeed {}
    }
    assert_eq!(Flow::run(3).await.unwrap(), 12);
}

#[tokio::test]
async fn a_variable_keeps_its_value_where_a_state_does_not_assign_it() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { assign: { config: { "a": [1, 2] } }, output: null, next: B }
        B: Pass { output: $config.a[1], next: C }
        C: Pass { output: { "b": $, "c": $config }, end }
    }
    assert_eq!(Flow::run(json!(0)).await.unwrap(), json!({ "b": 2, "c": { "a": [1, 2] } }));
}

#[tokio::test]
async fn a_loop_counts_in_a_literal_of_its_data() {
    workflow! {
        Flow(i64) -> i64;
        Start: Pass { assign: { most: $ }, output: 0, next: Ask }
        Ask: Choice { $ < $most => { output: $ + 1, next: Pause }, _ => Done }
        Pause: Wait { seconds: 0, next: Ask }
        Done: Succeed {}
    }
    assert_eq!(Flow::run(5).await.unwrap(), 5);
}

#[tokio::test]
async fn a_state_loops_to_itself_by_its_catcher() {
    workflow! {
        Flow(i64) -> Json;
        Start: Pass { assign: { n: 0 }, next: Try }
        Try: Task {
            call: refuse($n),
            catch: { error_equals: ["States.ALL"], assign: { n: $n + 1 }, result_path: null, next: Ask },
            end,
        }
        Ask: Choice { $n < 3 => Try, _ => Done }
        Done: Pass { output: [$, $n], end }
    }
    assert_eq!(Flow::run(7).await.unwrap(), json!([7, 3]));
}

#[tokio::test]
async fn a_counter_may_begin_with_a_literal() {
    workflow! {
        Flow(i64) -> Json;
        Start: Pass { assign: { n: 0, sum: 0 }, next: More }
        More: Choice { $n < $ => Add, _ => Done }
        Add: Pass { assign: { n: $n + 1, sum: $sum + $n }, next: More }
        Done: Pass { output: { "n": $n, "sum": $sum }, end }
    }
    assert_eq!(Flow::run(1000).await.unwrap(), json!({ "n": 1000, "sum": 499_500 }));
}
