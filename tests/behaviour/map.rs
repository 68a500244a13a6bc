//! Map states.

use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow_core::{Data, InProcess, Json, task, workflow};

use crate::support::{Record, failure};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Item {
    name: String,
    price: u32,
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[tokio::test]
async fn the_results_stand_in_the_order_of_the_items() {
    workflow! {
        Flow(Vec<i64>) -> Vec<i64>;
        Each: Map { items: $, item_processor: { A: Task { call: double($), end } }, end }
    }
    assert_eq!(Flow::run(vec![3, 1, 2]).await.unwrap(), [6, 2, 4]);
    assert_eq!(Flow::run(vec![]).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn an_item_selector_sees_the_item_and_the_input() {
    workflow! {
        Flow(Json) -> Json;
        Each: Map {
            items: $.list,
            item_selector: { "at": $$.Map.Item.Index, "item": $$.Map.Item.Value, "a": $$.Map.Item.Value.a, "of": $.id },
            item_processor: { A: Pass { end } },
            end,
        }
    }
    assert_eq!(
        Flow::run(json!({ "id": 7, "list": [{ "a": 1 }, { "a": 2 }] })).await.unwrap(),
        json!([
            { "at": 0, "item": { "a": 1 }, "a": 1, "of": 7 },
            { "at": 1, "item": { "a": 2 }, "a": 2, "of": 7 },
        ])
    );
}

#[tokio::test]
async fn a_typed_item_selector_makes_a_type() {
    workflow! {
        Flow(Vec<Item>) -> Vec<Item>;
        Each: Map {
            items: $,
            item_selector: Item { name: format("{}{}", $$.Map.Item.Value.name, $$.Map.Item.Index), price: $$.Map.Item.Value.price + 1 },
            item_processor: { A: Pass { end } },
            end,
        }
    }
    let item = |name: &str, price| Item { name: name.to_owned(), price };
    assert_eq!(
        Flow::run(vec![item("a", 1), item("b", 2)]).await.unwrap(),
        [item("a0", 2), item("b1", 3)]
    );
}

#[tokio::test]
async fn the_items_may_be_chosen_by_a_path() {
    workflow! {
        Flow(Vec<Item>) -> Vec<String>;
        Each: Map {
            items: $[?(@.price > 1)],
            item_processor: { A: Pass { output: $.name, end } },
            end,
        }
    }
    let item = |name: &str, price| Item { name: name.to_owned(), price };
    assert_eq!(Flow::run(vec![item("a", 1), item("b", 2)]).await.unwrap(), ["b"]);
}

#[tokio::test]
async fn items_that_are_no_list_fail() {
    workflow! {
        Flow(Json) -> Json;
        Each: Map { items: $.list, item_processor: { A: Pass { end } }, end }
    }
    assert_eq!(Flow::run(json!({ "list": [] })).await.unwrap(), json!([]));
    let (error, cause) = failure(Flow::run(json!({ "list": 5 })).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.starts_with("Reference path \"$.list\" must point to array"), "{cause}");
}

#[tokio::test]
async fn result_fields_apply_to_the_list_of_results() {
    workflow! {
        Flow(Json) -> Json;
        Each: Map {
            input_path: $.in,
            items: $.list,
            item_processor: { A: Task { call: double($), end } },
            result_selector: { "count": array_length($), "first": $[0] },
            result_path: $.out,
            end,
        }
    }
    assert_eq!(
        Flow::run(json!({ "in": { "list": [1, 2] } })).await.unwrap(),
        json!({ "in": { "list": [1, 2] }, "out": { "count": 2, "first": 2 } })
    );
}

#[tokio::test]
async fn maps_and_parallels_nest() {
    workflow! {
        Flow(Vec<Vec<i64>>) -> Json;
        Outer: Map {
            items: $,
            item_processor: {
                Fan: Parallel {
                    branches: [
                        { Inner: Map { items: $, item_processor: { A: Task { call: double($), end } }, end } },
                        { Count: Pass { output: array_length($), end } },
                    ],
                    end,
                }
            },
            end,
        }
    }
    let record = Record::default();
    let result = InProcess::new(()).listener(&record).run::<Flow>(vec![vec![1, 2], vec![]]).await;
    assert_eq!(result.unwrap(), json!([[[2, 4], 2], [[], 0]]));
    assert!(
        record.entered().contains(&"Outer[0]/Fan[0]/Inner[1]/A".to_owned()),
        "{:?}",
        record.entered()
    );
}

#[tokio::test]
async fn an_item_processor_has_many_states_and_ends_in_several() {
    workflow! {
        Flow(Vec<i64>) -> Vec<String>;
        Each: Map {
            items: $,
            item_processor: {
                Ask: Choice { $ > 10 => Big, $ < 0 => Negate, _ => Small }
                Negate: Pass { output: -$, next: Ask }
                Big: Pass { output: "big", end }
                Small: Pass { output: "small", next: Done }
                Done: Succeed {}
            },
            end,
        }
    }
    assert_eq!(Flow::run(vec![11, -11, -1, 1]).await.unwrap(), ["big", "big", "small", "small"]);
}

#[tokio::test]
async fn items_are_literals_functions_options_and_paths_with_many_matches() {
    workflow! {
        Literal(()) -> Vec<i64>;
        Each: Map { items: [1, 2], item_processor: { A: Task { call: double($), end } }, end }
    }
    workflow! {
        Function(i64) -> Vec<i64>;
        Each: Map { items: array_range(1, $, 1), item_processor: { A: Task { call: double($), end } }, end }
    }
    workflow! {
        Optional(Option<Vec<i64>>) -> Vec<i64>;
        Each: Map { items: $?, item_processor: { A: Task { call: double($), end } }, end }
    }
    workflow! {
        Many(Vec<Vec<i64>>) -> Vec<i64>;
        Each: Map { items: $[*][*], item_processor: { A: Task { call: double($), end } }, end }
    }
    assert_eq!(Literal::run(()).await.unwrap(), [2, 4]);
    assert_eq!(Function::run(2).await.unwrap(), [2, 4]);
    assert_eq!(Optional::run(Some(vec![3])).await.unwrap(), [6]);
    assert_eq!(failure(Optional::run(None).await).0, "States.Runtime");
    assert_eq!(Many::run(vec![vec![1], vec![2, 3]]).await.unwrap(), [2, 4, 6]);
}

#[tokio::test]
async fn an_inner_item_selector_sees_its_own_item() {
    workflow! {
        Flow(Vec<Vec<Item>>) -> Json;
        Outer: Map {
            items: $,
            item_selector: { "items": $$.Map.Item.Value, "at": $$.Map.Item.Index },
            item_processor: {
                Inner: Map {
                    items: $.items,
                    item_selector: [$.at, $$.Map.Item.Index, $$.Map.Item.Value.name],
                    item_processor: { A: Pass { end } },
                    end,
                }
            },
            end,
        }
    }
    let item = |name: &str| Item { name: name.to_owned(), price: 1 };
    assert_eq!(
        Flow::run(vec![vec![item("a")], vec![item("b"), item("c")]]).await.unwrap(),
        json!([[[0, 0, "a"]], [[1, 0, "b"], [1, 1, "c"]]])
    );
}
