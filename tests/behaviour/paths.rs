//! Paths into typed data and into JSON.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow_core::{Data, Json, task, workflow};

use crate::support::failure;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Cart {
    items: Vec<Item>,
    prices: HashMap<String, f64>,
    coupon: Option<Coupon>,
    #[serde(rename = "unit-price")]
    unit_price: u32,
    r#type: String,
    #[serde(flatten)]
    meta: Meta,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Item {
    name: String,
    price: f64,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Coupon {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    trace_id: String,
}

fn cart() -> Cart {
    let item = |name: &str, price, tags: &[&str]| Item {
        name: name.to_owned(),
        price,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    Cart {
        items: vec![
            item("pen", 2.0, &["blue"]),
            item("ink", 12.0, &[]),
            item("cap", 20.0, &["red", "big"]),
        ],
        prices: HashMap::from([("pen".to_owned(), 2.0)]),
        coupon: Some(Coupon { code: "TEN".to_owned() }),
        unit_price: 5,
        r#type: "book".to_owned(),
        meta: Meta { trace_id: "t1".to_owned() },
    }
}

fn cart_json() -> Json {
    serde_json::to_value(cart()).unwrap()
}

#[tokio::test]
async fn an_index_counts_from_the_end_where_it_is_negative() {
    workflow! {
        Typed(Cart) -> Json;
        A: Pass { output: [$.items[0].name, $.items[-1].name], end }
    }
    workflow! {
        Untyped(Json) -> Json;
        A: Pass { output: [$.items[0].name, $.items[-1].name], end }
    }
    assert_eq!(Typed::run(cart()).await.unwrap(), json!(["pen", "cap"]));
    assert_eq!(Untyped::run(cart_json()).await.unwrap(), json!(["pen", "cap"]));
}

#[tokio::test]
async fn an_index_out_of_the_list_fails() {
    workflow! {
        Typed(Vec<u32>) -> u32;
        A: Pass { output: $[2], end }
    }
    assert_eq!(
        failure(Typed::run(vec![1]).await),
        ("States.Runtime".to_owned(), "Invalid path '$[2]' : No results for path: $[2]".to_owned())
    );
}

#[tokio::test]
async fn slices_wildcards_and_filters_give_lists() {
    workflow! {
        Typed(Cart) -> Json;
        A: Pass {
            output: {
                "first": $.items[:2].name,
                "last": $.items[-2:].price,
                "step": $.items[::2].name,
                "all": $.items[*].name,
                "tags": $.items[*].tags[*],
                "dear": $.items[?(@.price > 10)].name,
                "both": $.items[?(@.price > 10 && @.name == "ink")].name,
                "or": $.items[?(@.name == "pen" || !(@.price < 20))].name,
            },
            end,
        }
    }
    workflow! {
        Untyped(Json) -> Json;
        A: Pass {
            output: {
                "first": $.items[:2].name,
                "last": $.items[-2:].price,
                "step": $.items[::2].name,
                "all": $.items[*].name,
                "tags": $.items[*].tags[*],
                "dear": $.items[?(@.price > 10)].name,
                "both": $.items[?(@.price > 10 && @.name == "ink")].name,
                "or": $.items[?(@.name == "pen" || !(@.price < 20))].name,
            },
            end,
        }
    }
    let expected = json!({
        "first": ["pen", "ink"],
        "last": [12.0, 20.0],
        "step": ["pen", "cap"],
        "all": ["pen", "ink", "cap"],
        "tags": ["blue", "red", "big"],
        "dear": ["ink", "cap"],
        "both": ["ink"],
        "or": ["pen", "cap"],
    });
    assert_eq!(Typed::run(cart()).await.unwrap(), expected);
    assert_eq!(Untyped::run(cart_json()).await.unwrap(), expected);
}

#[tokio::test]
async fn a_filter_leaves_out_elements_that_lack_its_path() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { output: { "with": $[?(@.a > 1)], "has": $[?(is_present(@.a))].a, "text": $[?(@.a == "x")] }, end }
    }
    assert_eq!(
        Flow::run(json!([{ "a": 2 }, {}, { "a": "x" }, 5])).await.unwrap(),
        json!({ "with": [{ "a": 2 }], "has": [2, "x"], "text": [{ "a": "x" }] })
    );
}

#[tokio::test]
async fn a_filter_compares_with_a_variable_and_with_the_input() {
    workflow! {
        Flow(Cart) -> Vec<String>;
        A: Pass { assign: { limit: 10 }, next: B }
        B: Pass { output: $.items[?(@.price > $limit && @.price > $["unit-price"])].name, end }
    }
    workflow! {
        Plain(Json) -> Json;
        A: Pass { output: $.items[?(@.price > $.least)].name, end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap(), ["ink", "cap"]);
    let mut input = cart_json();
    input["least"] = json!(15);
    assert_eq!(Plain::run(input).await.unwrap(), json!(["cap"]));
}

#[tokio::test]
async fn a_path_with_many_matches_is_a_typed_list() {
    workflow! {
        Flow(Cart) -> Vec<String>;
        A: Pass { output: $.items[*].name, end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap(), ["pen", "ink", "cap"]);
}

#[tokio::test]
async fn a_descent_finds_names_at_every_depth() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { output: $..price, end }
    }
    assert_eq!(
        Flow::run(json!({ "price": 1, "a": { "price": 2, "b": [{ "price": 3 }, { "c": 1 }] } }))
            .await
            .unwrap(),
        json!([1, 2, 3])
    );
}

#[tokio::test]
async fn a_quoted_name_a_renamed_field_and_a_keyword_are_found() {
    workflow! {
        Flow(Cart) -> Json;
        A: Pass { output: [$["unit-price"], $.type, $["type"], $.TraceId], end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap(), json!([5, "book", "book", "t1"]));
}

#[tokio::test]
async fn a_question_mark_asks_for_what_is_present() {
    workflow! {
        Flow(Cart) -> String;
        A: Pass { output: $.coupon?.code, end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap(), "TEN");
    let (error, cause) = failure(Flow::run(Cart { coupon: None, ..cart() }).await);
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("$.coupon?.code"), "{cause}");
}

#[tokio::test]
async fn a_map_has_names_that_are_looked_up() {
    workflow! {
        Flow(Cart) -> f64;
        A: Pass { output: $.prices.pen, end }
    }
    workflow! {
        Sorted(BTreeMap<String, Vec<u32>>) -> u32;
        A: Pass { output: $["a b"][0], end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap(), 2.0);
    assert_eq!(
        failure(Flow::run(Cart { prices: HashMap::new(), ..cart() }).await).0,
        "States.Runtime"
    );
    assert_eq!(Sorted::run(BTreeMap::from([("a b".to_owned(), vec![4])])).await.unwrap(), 4);
}

#[task]
async fn number(_: Cart) -> u32 {
    4
}

#[tokio::test]
async fn the_result_of_a_parallel_state_is_a_tuple() {
    workflow! {
        Flow(Cart) -> Json;
        Fan: Parallel {
            branches: [{ A: Task { call: number($), end } }, { B: Pass { output: $.items, end } }],
            result_selector: { "n": $[0] + 1, "name": $[1][0].name, "all": $[1][*].price },
            end,
        }
    }
    assert_eq!(
        Flow::run(cart()).await.unwrap(),
        json!({ "n": 5, "name": "pen", "all": [2.0, 12.0, 20.0] })
    );
}

#[tokio::test]
async fn a_flattened_field_can_be_written() {
    workflow! {
        Flow(Cart) -> Cart;
        A: Pass { result: "t2", result_path: $.TraceId, end }
    }
    assert_eq!(Flow::run(cart()).await.unwrap().meta.trace_id, "t2");
}

#[tokio::test]
async fn a_generic_type_a_newtype_and_a_box_are_data() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Page<T> {
        items: Vec<T>,
        next: Option<Box<Token>>,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Token(String);
    workflow! {
        Flow(Page<Item>) -> Json;
        A: Pass { output: [$.items[0].name, $.next?], end }
    }
    let page = Page { items: cart().items, next: Some(Box::new(Token("n".to_owned()))) };
    assert_eq!(Flow::run(page).await.unwrap(), json!(["pen", "n"]));
}

#[tokio::test]
async fn a_type_may_hold_itself() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
    struct Tree {
        value: u32,
        children: Vec<Tree>,
    }
    workflow! {
        Flow(Tree) -> Vec<u32>;
        A: Pass { output: $.children[*].children[*].value, end }
    }
    let leaf = |value| Tree { value, children: vec![] };
    let of = |children| Tree { value: 0, children };
    assert_eq!(Flow::run(of(vec![of(vec![leaf(1), leaf(2)]), leaf(3)])).await.unwrap(), [1, 2]);
}

#[tokio::test]
async fn a_filter_asks_for_lists_and_functions() {
    workflow! {
        Untyped(Json) -> Json;
        A: Pass { output: $[?(is_present(@.l[0]) && @.l[0] > 1)].id, end }
    }
    workflow! {
        Typed(Vec<Vec<u32>>) -> Vec<Vec<u32>>;
        A: Pass { output: $[?(array_length(@[?(@ > 1)]) > 0)], end }
    }
    assert_eq!(
        Untyped::run(json!([{ "id": 1, "l": [2] }, { "id": 2, "l": [] }, {}])).await.unwrap(),
        json!([1])
    );
    assert_eq!(Typed::run(vec![vec![1], vec![], vec![1, 2]]).await.unwrap(), [[1, 2]]);
}

#[tokio::test]
async fn a_wildcard_goes_through_the_fields_of_json() {
    workflow! {
        Flow(Json) -> Json;
        A: Pass { output: [$.a.*, $.a[*].b], end }
    }
    assert_eq!(
        Flow::run(json!({ "a": { "x": { "b": 1 }, "y": 2 } })).await.unwrap(),
        json!([[{ "b": 1 }, 2], [1]])
    );
}

#[tokio::test]
async fn a_struct_of_many_fields_is_read_and_built_as_any_other() {
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Data)]
    #[serde(rename_all = "camelCase")]
    struct Wide<T: Default> {
        field_0: u32,
        field_1: u32,
        field_2: u32,
        field_3: u32,
        field_4: u32,
        field_5: u32,
        field_6: u32,
        field_7: u32,
        field_8: u32,
        field_9: u32,
        field_10: u32,
        field_11: u32,
        #[serde(default)]
        field_12: T,
        #[serde(skip)]
        cached: u32,
    }
    workflow! {
        Flow(Wide<String>) -> Wide<String>;
        Merge: Pass { parameters: "new", result_path: $.field12, next: Build }
        Build: Pass {
            output: {
                "field0": $.field1, "field1": $.field0, "field2": 2, "field3": 3, "field4": 4, "field5": 5, "field6": 6,
                "field7": 7, "field8": 8, "field9": 9, "field10": 10, "field11": $.field11, "field12": $.field12,
            },
            end,
        }
    }
    let given = Wide { field_0: 1, field_1: 2, field_11: 3, cached: 4, ..Wide::default() };
    let made = Flow::run(given).await.unwrap();
    assert_eq!((made.field_0, made.field_1, made.field_10, made.field_11), (2, 1, 10, 3));
    assert_eq!((made.field_12.as_str(), made.cached), ("new", 0));
}
